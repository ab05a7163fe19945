import { expect, test } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { createPatience } from '../../../../app/outbound/github/restore/patience.ts'

const fault = (retryable: boolean, retryAt: number | null): GitHubFault =>
  new GitHubFault(retryable ? 'rate-limited' : 'not-found', {
    status: null,
    route: 'GET /x',
    retryable,
    retryAt,
    ambiguous: false,
    requestId: null,
  })

const patient = () => {
  let now = 1_000
  const waits: number[] = []
  const patiently = createPatience({ now: () => now }, (ms) => {
    waits.push(ms)
    now += ms
    return Promise.resolve()
  })
  return { waits, patiently }
}

test('a read waits as long as it is told, else longer each time, and then goes on', async () => {
  const { waits, patiently } = patient()
  const faults = [fault(true, 9_000), fault(true, null), fault(true, null)]
  const read = () => {
    const next = faults.shift()
    return next === undefined ? Promise.resolve('read') : Promise.reject(next)
  }
  expect(await patiently(read)).toBe('read')
  expect(waits).toEqual([8_000, 2_000, 4_000])
})

test('what waiting does not help is thrown at once, and patience ends', async () => {
  const { waits, patiently } = patient()
  await expect(patiently(() => Promise.reject(fault(false, null)))).rejects.toThrow('not-found')
  await expect(patiently(() => Promise.reject(fault(true, 86_400_000)))).rejects.toThrow('rate-limited')
  expect(waits).toEqual([])
  await expect(patiently(() => Promise.reject(fault(true, null)))).rejects.toThrow('rate-limited')
  expect(waits).toHaveLength(5)
})

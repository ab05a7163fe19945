import { afterEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../../app/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
afterEach(() => sandbox.close())
const AT = '/repos/acme/widgets/issues'

/** How many of ten comments each of the reads straight after them shows. */
async function counts(seed: number, share: number, reads = 12): Promise<number[]> {
  const clock = createManualClock()
  sandbox = await createSandbox({
    keys: SEED_KEYS,
    seed,
    clock,
    switches: { staleListShare: share, staleListMs: 3000 },
  })
  const as = createClient(sandbox)
  await as('bob').post(AT, { title: 'x' })
  for (let i = 0; i < 10; i++) {
    clock.advance(300)
    await as('dave').post(`${AT}/1/comments`, { body: `${i}` })
  }
  const found: number[] = []
  for (let i = 0; i < reads; i++) found.push((await as('muster').get(`${AT}/1/comments`)).json.length)
  const single = (await as('muster').get(`${AT}/1`)).json
  expect(single.comments).toBe(10)
  clock.advance(3000)
  expect((await as('muster').get(`${AT}/1/comments`)).json).toHaveLength(10)
  await sandbox.close()
  return found
}

describe('a list read', () => {
  it('may miss the newest writes for some seconds, and then shows them', async () => {
    const found = await counts(1, 0.5)
    expect(found.some((n) => n < 10)).toBe(true)
    expect(found.some((n) => n === 10)).toBe(true)
  })

  it('misses the same ones for the same seed, and others for another', async () => {
    const [first, again, other] = [await counts(1, 1), await counts(1, 1), await counts(2, 1)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('is fresh when the switch is off', async () => {
    expect(new Set(await counts(1, 0))).toEqual(new Set([10]))
  })

  it.each([1000, 3000])('is fresh again after the time that the switch gives: %i', async (staleListMs) => {
    const clock = createManualClock()
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 1, staleListMs } })
    const as = createClient(sandbox)
    clock.advance(5000)
    await as('bob').post(AT, { title: 'x' })
    const reads = async () => {
      const lengths = []
      for (let i = 0; i < 20; i++) lengths.push((await as('bob').get(AT)).json.length)
      return new Set(lengths)
    }
    clock.advance(staleListMs / 2)
    expect(await reads()).toEqual(new Set([0, 1]))
    clock.advance(staleListMs / 2)
    expect(await reads()).toEqual(new Set([1]))
  })

  it('shows the earlier text of a comment that was edited just now', async () => {
    const clock = createManualClock()
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 1, staleListMs: 3000 } })
    const as = createClient(sandbox)
    await as('bob').post(AT, { title: 'x' })
    const { id } = (await as('bob').post(`${AT}/1/comments`, { body: 'old' })).json
    clock.advance(10_000)
    await as('bob').patch(`${AT}/comments/${id}`, { body: 'new' })
    const bodies = new Set<string>()
    for (let i = 0; i < 5; i++) bodies.add((await as('bob').get(`${AT}/1/comments`)).json[0].body)
    expect(bodies).toContain('old')
    expect((await as('bob').get(`${AT}/comments/${id}`)).json.body).toBe('new')
  })
})

describe('what was just made', () => {
  it.each([true, false])('may be missing when read alone, if staleSingleReads: %s', async (staleSingleReads) => {
    const clock = createManualClock()
    sandbox = await createSandbox({
      keys: SEED_KEYS,
      clock,
      switches: { staleListShare: 1, staleListMs: 3000, staleSingleReads },
    })
    const as = createClient(sandbox)
    clock.advance(5000)
    await as('bob').post(AT, { title: 'x' })
    const statuses = new Set<number>()
    for (let i = 0; i < 5; i++) statuses.add((await as('bob').get(`${AT}/1`)).status)
    expect(statuses.has(404)).toBe(staleSingleReads)
    expect((await as('bob').post(`${AT}/1/comments`, { body: 'writes see it' })).status).toBe(201)
    clock.advance(3000)
    expect((await as('bob').get(`${AT}/1`)).status).toBe(200)
  })
})

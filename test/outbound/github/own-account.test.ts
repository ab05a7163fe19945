import { expect, it } from 'vitest'
import { GitHubFault, type GitHubFaultCode } from '../../../app/outbound/github/client/fault.ts'
import { createOwnAccount } from '../../../app/outbound/github/own-account.ts'
import type { Documents } from '../../../app/engine/ports.ts'

const remembered = (): Documents => {
  const rows = new Map<string, string>()
  return {
    get: (kind, key) => Promise.resolve(rows.get(`${kind} ${key}`) ?? null),
    put: (kind, key, value) => Promise.resolve(void rows.set(`${kind} ${key}`, value)),
  } as Documents
}

type Answer = { readonly slug: string } | GitHubFaultCode

const start = (documents: Documents, answer: Answer) =>
  createOwnAccount({
    documents,
    appId: 7,
    github: {
      asApp: () =>
        typeof answer === 'object'
          ? Promise.resolve({ data: answer })
          : Promise.reject(
              new GitHubFault(answer, {
                status: null,
                route: 'GET /app',
                retryable: answer === 'unreachable' || answer === 'unavailable' || answer === 'rate-limited',
                retryAt: null,
                ambiguous: false,
                requestId: null,
              }),
            ),
    } as never,
  })

it('knows its account while GitHub is away, once it has asked', async () => {
  const documents = remembered()
  await expect(start(documents, 'unreachable')).rejects.toThrow('unreachable')
  await start(documents, { slug: 'muster' })
  expect((await start(documents, 'unreachable')).botLogin).toBe('muster[bot]')
})

it('does not start with a key that GitHub refuses, also on data that knows the account', async () => {
  const documents = remembered()
  await start(documents, { slug: 'muster' })
  await expect(start(documents, 'unauthorized')).rejects.toThrow('check APP_ID and PRIVATE_KEY')
})

it('follows an App that was given another name', async () => {
  const documents = remembered()
  await start(documents, { slug: 'muster' })
  await start(documents, { slug: 'mission' })
  expect((await start(documents, 'unavailable')).botLogin).toBe('mission[bot]')
})

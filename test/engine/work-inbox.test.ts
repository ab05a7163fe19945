/** Which faults cost a delivery its place in the inbox, and which only let it wait. */
import { afterEach, expect, test } from 'vitest'
import type { Log } from '../../app/engine/log.ts'
import type { Loop } from '../../app/engine/loop.ts'
import type { Store } from '../../app/engine/ports.ts'
import { createInboxWorker } from '../../app/engine/work-inbox.ts'
import { createHealthEndpoint } from '../../app/inbound/http/health.ts'
import { GitHubFault, type GitHubFaultCode } from '../../app/outbound/github/client/fault.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { StoreFault } from '../../app/store/store-fault.ts'
import { createClock } from './create-engine.ts'

const DAY_MS = 24 * 3_600_000
const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let worker: Loop | null = null
let open: Store | null = null
afterEach(async () => {
  await worker?.stop()
  await open?.close()
})

const githubFault = (code: GitHubFaultCode, retryable: boolean): GitHubFault =>
  new GitHubFault(code, {
    status: null,
    route: 'GET /repos/{owner}/{repo}',
    retryable,
    retryAt: null,
    ambiguous: false,
    requestId: null,
  })

/** One delivery whose handling fails `times` times with `fault`; each wait is over at once. */
const failing = async (fault: () => Error, times: number, ageMs = 0) => {
  const clock = createClock()
  const store = await createSqliteStore({ path: ':memory:', clock })
  open = store
  const now = clock.now()
  await store.inbox.put([
    { id: 'd', name: 'issues', queue: 'q', order: 0, body: '{}', receivedAt: now - ageMs, notBefore: now },
  ])
  let tries = 0
  const over = new Promise<void>((resolve) => {
    const settled = async (work: Promise<void>): Promise<void> => {
      await work
      resolve()
    }
    worker = createInboxWorker({
      inbox: {
        ...store.inbox,
        retryLater: (id, error) => store.inbox.retryLater(id, error, clock.now()),
        done: (id) => settled(store.inbox.done(id)),
        setAside: (id, reason) => settled(store.inbox.setAside(id, reason)),
      },
      clock,
      log: SILENT,
      handle: () => {
        tries += 1
        return tries > times ? Promise.resolve() : Promise.reject(fault())
      },
    })
    worker.start()
  })
  await over
  return { store, clock, tries }
}

test.each<[string, () => Error]>([
  ['GitHub is away', () => githubFault('unavailable', true)],
  ['a lane is empty', () => githubFault('rate-limited', true)],
  ['a permission is missing', () => githubFault('forbidden', false)],
  ['the key is refused', () => githubFault('unauthorized', false)],
  ['the store is away', () => new StoreFault('unreachable', 'no answer')],
])('a delivery outlasts any number of tries while %s', async (_, fault) => {
  const { store, tries } = await failing(fault, 20)
  expect(tries).toBe(21)
  expect(await store.inbox.setAsideCount()).toBe(0)
  expect(await store.inbox.pending()).toBe(0)
})

test('a delivery that is older than GitHub would keep it is set aside with its reason, and health tells', async () => {
  const { store, clock } = await failing(() => githubFault('forbidden', false), 99, 3 * DAY_MS)
  const health = await createHealthEndpoint({ store, clock }).request('/healthz')
  expect(await health.json()).toMatchObject({ ok: true, degraded: true, inbox: 0, set_aside: 1 })
  expect(await store.inbox.replay()).toMatchObject([{ id: 'd', reason: expect.stringContaining('forbidden') }])
})

test.each<[string, () => Error]>([
  ['a fault of our own', () => new TypeError('no such field')],
  ['a request that GitHub calls wrong', () => githubFault('invalid', false)],
])('%s is tried eight times and then set aside', async (_, fault) => {
  const { store, tries } = await failing(fault, 99)
  expect(tries).toBe(8)
  expect(await store.inbox.setAsideCount()).toBe(1)
})

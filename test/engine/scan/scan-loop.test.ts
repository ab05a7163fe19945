/** A scan goes on where it stood: nothing is passed over by a process that dies, and no repository keeps the others waiting. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Delivery, ScanAnswer, ScannedComment, ScanPlace, ScanSource, Store } from '../../../app/engine/ports.ts'
import { createScanLoop, type ScanLoop } from '../../../app/engine/scan/scan-loop.ts'
import { parseMark } from '../../../app/engine/scan/scan-mark.ts'
import { createSqliteStore } from '../../../app/store/sqlite/create-sqlite-store.ts'
import { createClock, type TestClock } from '../create-engine.ts'

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const HOUR = 3_600_000
const PER_PAGE = 100

const place = (repositoryId: number): ScanPlace => ({
  installationId: 1,
  repository: `acme/r${repositoryId}`,
  repositoryId,
  repositoryNodeId: `R_${repositoryId}`,
  owner: 'acme',
})

let clock: TestClock
let store: Store
const loops: ScanLoop[] = []
beforeEach(async () => {
  clock = createClock()
  worked = new Set()
  store = await createSqliteStore({ path: ':memory:', clock })
})
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()))
})

const comment = (id: number, updatedAt: number): ScannedComment => ({
  id,
  nodeId: `IC_${id}`,
  body: '/ready',
  updatedAt,
  author: { id: 1, login: 'alice', isBot: false },
  appId: null,
  issue: { number: 1, isPullRequest: false },
})

/** A GitHub of comments; `asks` are all questions that it was asked, by repository. */
const githubWith = (
  comments: ReadonlyMap<number, readonly ScannedComment[]>,
  fail?: (repositoryId: number) => Error | undefined,
) => {
  const asks: string[] = []
  const source: ScanSource = {
    comments: ({ repositoryId }, ask): Promise<ScanAnswer<ScannedComment>> => {
      asks.push(`${repositoryId} comments`)
      const failure = fail?.(repositoryId)
      if (failure !== undefined) return Promise.reject(failure)
      const all = (comments.get(repositoryId) ?? []).filter(({ updatedAt }) => updatedAt >= ask.since)
      const rows = all.slice((ask.page - 1) * PER_PAGE, ask.page * PER_PAGE)
      return Promise.resolve({ unchanged: false, rows, isLast: all.length <= ask.page * PER_PAGE, etag: null })
    },
    issues: ({ repositoryId }) => {
      asks.push(`${repositoryId} issues`)
      return Promise.resolve({ unchanged: false, rows: [], isLast: true, etag: null })
    },
    installed: () => Promise.resolve([]),
  }
  return { source, asks }
}

const limited = (ms: number): Error =>
  Object.assign(new Error('limited'), { code: 'rate-limited', retryable: true, retryAt: clock.now() + ms })

const delivery = (repositoryId: number, row: ScannedComment): Delivery => ({
  id: `scan:comment:${row.nodeId}`,
  name: `scan:comment@${repositoryId}`,
  queue: null,
  order: 0,
  body: '{}',
  receivedAt: clock.now(),
  notBefore: clock.now(),
})

const life = async (
  source: ScanSource,
  repositories: readonly number[],
  over: { readonly documents?: Store['documents']; readonly lastAlive?: number | null } = {},
): Promise<ScanLoop> => {
  const loop = createScanLoop({
    source,
    takers: {
      comments: ({ repositoryId }, rows) => Promise.resolve(rows.map((row) => delivery(repositoryId, row))),
      issues: () => Promise.resolve([]),
      commentName: ({ repositoryId }) => `scan:comment@${repositoryId}`,
    },
    inbox: store.inbox,
    documents: over.documents ?? store.documents,
    projects: () => Promise.resolve(repositories.map(place)),
    clock,
    log: SILENT,
    everyMs: undefined,
  })
  loops.push(loop)
  await loop.open(over.lastAlive ?? clock.now() - HOUR / 2, null)
  loop.start()
  return loop
}

const markOf = async (repositoryId: number) => {
  const text = await store.documents.get('scan', String(repositoryId))
  return text === null ? null : parseMark(text)
}

/** Everything that was worked on. */
let worked: Set<string>

/** Works on what the scan has found, as the inbox worker does. */
const workOff = async (): Promise<void> => {
  for (;;) {
    const items = await store.inbox.take(1000, 1000)
    for (const { id } of items) {
      await store.inbox.done(id)
      worked.add(id)
    }
    if (items.length === 0) return
  }
}

const scanned = (repositoryId: number, since: number) =>
  vi.waitFor(async () => {
    await workOff()
    expect((await markOf(repositoryId))?.checkedAt ?? 0).toBeGreaterThanOrEqual(since)
  }, 5000)

test('a process that dies between storing what it found and moving the mark finds it again, as the same row', async () => {
  const { source } = githubWith(new Map([[7, [comment(1, clock.now() - 1000)]]]))
  const broken: Store['documents'] = {
    ...store.documents,
    replace: async (kind, key, before, after) => {
      if (kind === 'scan' && before !== null && after?.includes('"issues","roundAt"')) throw new Error('killed')
      return store.documents.replace(kind, key, before, after)
    },
  }
  const first = await life(source, [7], { documents: broken })
  await vi.waitFor(async () => expect(await store.inbox.pending()).toBe(1))
  await first.stop()
  await workOff()
  expect([...worked]).toEqual(['scan:comment:IC_1'])
  expect(await markOf(7)).toMatchObject({ at: null, checkedAt: null })

  await life(source, [7])
  await vi.waitFor(async () => expect((await markOf(7))?.checkedAt).not.toBeNull())
  expect(await store.inbox.pending()).toBe(0)
})

test('a long list is read in turns, from where the last life stood, and other repositories are not kept waiting', async () => {
  const many = Array.from({ length: 2500 }, (_, n) => comment(n + 1, clock.now() - HOUR + n * 1000))
  let left = 12
  const { source, asks } = githubWith(new Map([[7, many]]), (repositoryId) =>
    repositoryId === 7 && left-- <= 0 ? limited(HOUR) : undefined,
  )
  const began = clock.now()
  const first = await life(source, [7, 8], { lastAlive: clock.now() - 2 * HOUR })
  await scanned(8, began)
  await vi.waitFor(() => expect(left).toBeLessThan(0))
  await first.stop()
  expect((await markOf(7))?.comments.walk).not.toBeNull()
  await workOff()
  // Each page begins with the last row of the one before it.
  expect(worked.size).toBe(12 * 100 - 11)
  left = Number.POSITIVE_INFINITY
  const before = asks.length

  await life(source, [7, 8])
  await vi.waitFor(async () => {
    await workOff()
    clock.pass(600)
    expect((await markOf(7))?.checkedAt ?? 0).toBeGreaterThanOrEqual(began)
  }, 10_000)
  expect(worked.size).toBe(2500)
  // 1,300 rows, and none twice but the last of each page.
  expect(asks.slice(before).filter((ask) => ask === '7 comments').length).toBeLessThan(15)
})

test('what GitHub refuses is read when it said, and the other repositories meanwhile', async () => {
  let refusing = true
  const { source, asks } = githubWith(new Map(), () => (refusing ? limited(5 * 60_000) : undefined))
  const began = clock.now()
  await life(
    {
      ...source,
      comments: (where, ask) =>
        where.repositoryId === 8 ? githubWith(new Map()).source.comments(where, ask) : source.comments(where, ask),
    },
    [7, 8],
  )
  await scanned(8, began)
  expect((await markOf(7))?.checkedAt).toBeNull()
  refusing = false
  const tried = asks.filter((ask) => ask === '7 comments').length
  clock.pass(5 * 60_000)
  await scanned(7, began)
  expect(asks.filter((ask) => ask === '7 comments').length).toBe(tried + 1)
})

test('a round follows every half hour, and at once when deliveries were missed', async () => {
  const { source, asks } = githubWith(new Map())
  const loop = await life(source, [7])
  await scanned(7, clock.now())
  expect(asks).toEqual(['7 comments', '7 issues'])
  // A longer leap would pass for a sleep, in which everything may have been missed.
  for (let minutes = 5; minutes < 30; minutes += 5) {
    clock.pass(5 * 60_000)
    loop.wake()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asks).toHaveLength(2)
  }
  clock.pass(5 * 60_000)
  loop.wake()
  await scanned(7, clock.now())
  expect(asks).toHaveLength(4)
  clock.pass(1000)
  loop.outage()
  await scanned(7, clock.now())
  expect(asks).toHaveLength(6)
})

test('a repository that cannot be reached any more is asked no more often than a quiet one', async () => {
  const gone = Object.assign(new Error('gone'), { code: 'not-found', retryable: false })
  const { source, asks } = githubWith(new Map(), () => gone)
  const loop = await life(source, [7])
  await vi.waitFor(() => expect(asks).toEqual(['7 comments']))
  for (let minutes = 0; minutes < 25; minutes += 5) {
    clock.pass(5 * 60_000)
    loop.wake()
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  expect(asks).toEqual(['7 comments'])
  clock.pass(5 * 60_000)
  loop.wake()
  await vi.waitFor(() => expect(asks).toHaveLength(2))
})

test('after a database was lost its repositories are read from where it ended, others from when the last life did', async () => {
  const { source } = githubWith(new Map())
  const loop = createScanLoop({
    source,
    takers: { comments: () => Promise.resolve([]), issues: () => Promise.resolve([]), commentName: () => '' },
    inbox: store.inbox,
    documents: store.documents,
    projects: () => Promise.resolve([place(7), place(8)]),
    clock,
    log: SILENT,
    everyMs: undefined,
  })
  const [lost, lastAlive] = [clock.now() - 20 * HOUR, clock.now() - HOUR]
  await loop.open(lastAlive, { since: lost, repositoryIds: [7] })
  expect([(await markOf(7))?.comments.until, (await markOf(8))?.comments.until]).toEqual([lost, lastAlive])
  // A mark that is there says better where to go on.
  await loop.open(clock.now(), { since: 0, repositoryIds: [8] })
  expect((await markOf(8))?.issues.until).toBe(lastAlive)
})

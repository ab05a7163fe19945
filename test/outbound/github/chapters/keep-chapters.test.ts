/** A task's history grows without bound: the record stays as small as it was, and what is older stands in chapters that nobody writes again. */
import { expect, test } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { ChapterUnsureFault } from '../../../../app/outbound/github/chapters/chapter-comments.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { LOOK_AGAIN_MS } from '../../../../app/outbound/github/replica/probe.ts'
import { emptyStore, restore, startAgain } from '../restore/given-world.ts'
import { OUR_APP } from '../memory-github.ts'
import { givenChapters, STREAM, type GivenChapters } from './given-chapters.ts'

const bytes = (text: string): number => Buffer.byteLength(text)

/** So many events that there are some chapters, written as they come. */
const lived = async (events = 200): Promise<GivenChapters> => {
  const at = await givenChapters()
  for (let n = 0; n < events; n += 10) {
    await at.work(10, 900, n)
    await at.bring()
  }
  await at.keep()
  return at
}

const restored = async (at: GivenChapters) => {
  const store = await emptyStore(at.clock)
  const report = await restore(at, store)
  return { store, report }
}

test('what the record has no room for is sealed, once, folded up, and the record stays small', async () => {
  const at = await lived(400)
  const chapters = at.chapters()
  expect(chapters.length).toBeGreaterThan(5)
  expect(chapters.length).toBeLessThan(15)
  expect([...at.github.folded]).toEqual(chapters)
  // Never written again.
  expect(chapters.map((nodeId) => at.github.comments_.get(nodeId)?.versions.length)).toEqual(chapters.map(() => 1))
  for (const nodeId of [...chapters, at.head()]) expect(bytes(at.github.bodyOf(nodeId))).toBeLessThanOrEqual(48 * 1024)
})

test('bringing it up to date twice writes nothing the second time', async () => {
  const at = await lived()
  const writes = at.github.writes.length
  const body = await at.bring()
  at.restart()
  expect(await at.bring()).toBe(body)
  expect(at.github.writes).toHaveLength(writes)
})

test('an empty database gets every event back, byte for byte, and knows all causes', async () => {
  const at = await lived(300)
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  const events = await at.eventsOf(at.store)
  expect(events.length).toBeGreaterThan(300)
  expect(await at.eventsOf(store)).toEqual(events)
  expect(await store.log.base(STREAM)).toBeNull()
  expect(await store.projections.dump()).toBe(await at.store.projections.dump())
  for (const { cause } of events) expect(await store.log.findOutcome(cause)).toMatchObject({ ok: true })
  // By the ids that record and chapters name: nobody has to read the whole thread.
  expect(at.github.reads.commentsOf).toBeLessThanOrEqual(2)
})

test('a restored database goes on after the newest chapter', async () => {
  const at = await lived()
  const before = at.chapters()
  const { store } = await restored(at)
  await startAgain({ ...at.engine, store }, 1)
  const { encode } = at.processOver(store)
  await encode()
  expect(at.chapters()).toEqual(before)
  expect((await encode()).body).toContain('"sealed":{"comment"')
})

test('an older backup gets what it missed out of the chapters, without a gap', async () => {
  const at = await lived(20)
  const { store } = await restored(at)
  for (let n = 20; n < 220; n += 20) {
    await at.work(20, 900, n)
    await at.bring()
  }
  await at.keep()
  const report = await restore(at, store, { scope: 'behind' })
  expect(report.streams).toContainEqual(expect.objectContaining({ stream: STREAM, outcome: 'imported' }))
  expect(report.doubts).toEqual([])
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('an older backup with another end is set apart, although only a chapter shows it', async () => {
  const at = await lived(20)
  const { store } = await restored(at)
  const { engine } = at
  await at.work(200, 900, 20)
  for (let n = 0; n < 3; n += 1) await at.bring()
  await at.keep()
  const forked = { ...engine, store }
  const { handleCommand } = await import('../../../../app/engine/handle-command.ts')
  await handleCommand(forked, {
    stream: STREAM,
    command: { type: 'add-note', text: 'other' },
    actor: { kind: 'user', id: 'bob' },
    cause: 'test:other',
  })
  const report = await restore(at, store, { scope: 'behind' })
  expect(report.doubts).toContainEqual(expect.objectContaining({ stream: STREAM, problem: 'forked' }))
})

test('an event larger than a comment is carried in stretches, never cut', async () => {
  const at = await givenChapters()
  await at.ask(STREAM, { type: 'add-note', text: `é<--@#`.repeat(20_000) })
  await at.bring()
  await at.work(5)
  await at.bring()
  for (let n = 0; n < 5; n += 1) await at.bring()
  await at.keep()
  expect(at.chapters().length).toBeGreaterThan(3)
  for (const nodeId of at.chapters()) expect(at.github.bodyOf(nodeId).length).toBeLessThan(65_536)
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('a chapter whose answer was lost is found, and not made twice', async () => {
  const at = await lived(40)
  const before = at.chapters().length
  await at.work(40, 900, 40)
  at.github.outcomes = ['lost']
  await expect(at.bring()).rejects.toThrow(ChapterUnsureFault)
  at.restart()
  await at.bring()
  expect(at.chapters()).toHaveLength(before + 1)
  expect([...at.github.folded]).toEqual(at.chapters())
  await at.keep()
  const { store } = await restored(at)
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('one that a list did not show yet is made twice and healed: the lower id stays', async () => {
  const at = await lived(40)
  await at.work(40, 900, 40)
  at.github.outcomes = ['lost']
  await expect(at.bring()).rejects.toThrow(ChapterUnsureFault)
  const hidden = at.chapters().at(-1) ?? ''
  const stored = at.github.comments_.get(hidden)
  at.github.erase(hidden)
  await at.bring()
  if (stored !== undefined) at.github.comments_.set(hidden, stored)
  const twice = at.chapters().length
  expect(at.later).toContainEqual({ at: at.clock.now() + LOOK_AGAIN_MS, behind: false })
  at.clock.pass(LOOK_AGAIN_MS)
  const body = await at.bring()
  expect(at.chapters()).toHaveLength(twice - 1)
  expect(at.chapters()).toContain(hidden)
  expect(body).toContain(`"nodeId":"${hidden}"`)
})

test('killed between the chapter and the record, the record catches up and nothing is sealed twice', async () => {
  const at = await lived(40)
  const before = at.chapters().length
  await at.work(40, 900, 40)
  // The chapter is there; the record that names it was never written.
  await at.encode()
  expect(at.chapters()).toHaveLength(before + 1)
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  expect((await at.eventsOf(store)).length).toBe(42)
  at.restart()
  await at.bring()
  await at.keep()
  expect(at.chapters()).toHaveLength(before + 1)
  expect(await at.eventsOf((await restored(at)).store)).toEqual(await at.eventsOf(at.store))
})

test('a chapter of a lost life whose events came back nowhere is taken away when the new life seals', async () => {
  const at = await lived(40)
  await at.work(40, 900, 40)
  await at.encode()
  const orphan = at.chapters().at(-1) ?? ''
  const { store } = await restored(at)
  await startAgain({ ...at.engine, store }, 1)
  const { handleCommand } = await import('../../../../app/engine/handle-command.ts')
  for (let n = 0; n < 60; n += 1) {
    await handleCommand(
      { ...at.engine, store },
      {
        stream: STREAM,
        actor: { kind: 'user', id: 'bob' },
        cause: `later:${n}`,
        command: { type: 'record-custom', name: 'later', data: { n, text: 'y'.repeat(900) }, fence: null },
      },
    )
  }
  await at.processOver(store).encode()
  expect(at.chapters()).not.toContain(orphan)
  expect(at.chapters()).toHaveLength(2)
})

test('documents that were lost are read back from GitHub, and no chapter is made again', async () => {
  const at = await lived()
  const before = at.chapters()
  for (const kind of ['chapters', 'chapter-state']) await at.store.documents.delete(kind, STREAM)
  const body = at.github.bodyOf(at.head())
  at.restart()
  expect(await at.bring()).toBe(body)
  expect(at.chapters()).toEqual(before)
})

const limited = (retryAt: number) =>
  new GitHubFault('rate-limited', {
    status: 403,
    route: 'GraphQL KeepLedger',
    retryable: true,
    retryAt,
    ambiguous: false,
    requestId: null,
  })

test('a limit on new comments keeps no record from being written, and the chapter follows', async () => {
  const at = await lived(30)
  const write = at.github.write.bind(at.github)
  at.github.write = async () => Promise.reject(limited(at.clock.now() + 9_000))
  await at.work(40, 900, 30)
  const body = await at.bring()
  expect(bytes(body)).toBeLessThanOrEqual(48 * 1024)
  expect(at.later.at(-1)).toEqual({ at: at.clock.now() + 9_000, behind: true })
  at.github.write = write
  await at.bring()
  await at.keep()
  expect(await at.eventsOf((await restored(at)).store)).toEqual(await at.eventsOf(at.store))
})

test('a comment that GitHub refuses keeps no record from being written either', async () => {
  const at = await lived(40)
  const before = at.chapters().length
  await at.work(40, 900, 40)
  at.github.outcomes = ['refused']
  expect(bytes(await at.bring())).toBeLessThanOrEqual(48 * 1024)
  expect(at.chapters()).toHaveLength(before)
  expect((await at.noted())?.unsure).toBe(false)
  await at.bring()
  expect(at.chapters()).toHaveLength(before + 1)
})

test('of many events at once some chapters are made, then the record is written, then the rest', async () => {
  const at = await givenChapters()
  await at.work(400)
  await at.bring()
  expect(at.chapters()).toHaveLength(5)
  expect(at.later.at(-1)).toEqual({ at: at.clock.now(), behind: true })
  for (let n = 0; n < 3; n += 1) await at.bring()
  await at.keep()
  expect(await at.eventsOf((await restored(at)).store)).toEqual(await at.eventsOf(at.store))
})

// Who lays hands on chapters.

test('a deleted chapter is put on record and made anew from our log', async () => {
  const at = await lived()
  at.clock.pass(SETTLE_MS)
  const [first, second = '', ...rest] = at.chapters()
  at.github.erase(second)
  await at.look()
  expect(at.changes).toMatchObject([{ field: 'record', what: 'chapter-deleted', by: { id: 'mallory' } }])
  await at.bring()
  const after = at.chapters()
  expect(after).toHaveLength(rest.length + 2)
  expect(after.slice(0, -1)).toEqual([first, ...rest])
  expect(at.github.folded.has(after.at(-1) ?? '')).toBe(true)
  await at.look()
  expect(at.changes).toHaveLength(1)
  await at.keep()
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('the newest chapter deleted: the record names the new comment', async () => {
  const at = await lived()
  at.clock.pass(SETTLE_MS)
  const gone = at.chapters().at(-1) ?? ''
  at.github.erase(gone)
  await at.look()
  const body = await at.bring()
  expect(body).not.toContain(gone)
  expect(body).toContain(`"nodeId":"${at.chapters().at(-1)}"`)
})

test.each<[string, string | number]>([
  ['a person', 'mallory'],
  ['another App', 77],
])('a chapter edited by %s is put on record and put right in its place', async (_, who) => {
  const at = await lived()
  const before = at.chapters()
  const [first = ''] = before
  const text = at.github.bodyOf(first)
  at.github.edit(first, text.replace('step', 'leap'), who)
  await at.look()
  expect(at.changes).toMatchObject([{ what: 'chapter-edited', by: { id: String(who) } }])
  await at.bring()
  expect(at.chapters()).toEqual(before)
  expect(at.github.bodyOf(first)).toBe(text)
  await at.look()
  expect(at.changes).toHaveLength(1)
})

test('somebody who keeps deleting or editing them is met three times an hour, then told of', async () => {
  const at = await lived(60)
  const [first = ''] = at.chapters()
  for (let n = 0; n < 5; n += 1) {
    at.clock.pass(60_000)
    at.github.edit(first, `mine ${n}`, 'mallory')
    await at.look()
    await at.bring()
  }
  expect(at.changes.filter(({ field }) => field === 'war')).toHaveLength(1)
  expect(at.changes.filter(({ field }) => field === 'record')).toHaveLength(4)
  expect(at.github.bodyOf(first)).toBe('mine 4')
  expect(at.later.at(-1)?.behind).toBe(false)
  at.clock.pass(3_600_000)
  await at.bring()
  expect(at.github.bodyOf(first)).toContain('muster:sealed')
})

test('so soon after it was made, a chapter that is not shown is not taken for deleted', async () => {
  const at = await lived()
  const newest = at.chapters().at(-1) ?? ''
  at.github.erase(newest)
  await at.look()
  expect(at.changes).toEqual([])
})

test('a copy by another counts for nothing, and a copy of ours is taken away', async () => {
  const at = await lived()
  const before = at.chapters()
  const text = at.github.bodyOf(before[1] ?? '')
  const theirs = at.github.post(12, text, 'mallory')
  const double = at.github.post(12, text, OUR_APP)
  await at.store.documents.delete('chapters', STREAM)
  at.restart()
  await at.bring()
  expect(at.chapters()).toEqual([...before, theirs.nodeId])
  expect(at.github.comments_.has(double.nodeId)).toBe(false)
})

/** The database is lost, and then somebody has laid hands on a chapter in the middle. */
test.each<[string, (at: GivenChapters, nodeId: string) => void]>([
  ['deleted', (at, nodeId) => at.github.erase(nodeId)],
  [
    'written over by our own name with something else',
    (at, nodeId) => {
      at.github.edit(nodeId, at.github.bodyOf(nodeId).replace('step', 'leap'), OUR_APP)
    },
  ],
  [
    'replaced by a forgery',
    (at, nodeId) => {
      const text = at.github.bodyOf(nodeId)
      at.github.erase(nodeId)
      at.github.post(12, text, 'mallory')
    },
  ],
])(
  'a chapter that was %s: the state comes back whole, what is missing is named, the rest is known',
  async (_, harm) => {
    const at = await lived()
    const middle = at.chapters()[1] ?? ''
    harm(at, middle)
    const { store, report } = await restored(at)
    expect(report.doubts).toMatchObject([{ stream: STREAM, problem: 'missing-chapter', setApart: false }])
    expect((await store.log.load(STREAM)).state).toBe((await at.store.log.load(STREAM)).state)
    const events = await at.eventsOf(at.store)
    const known = await at.eventsOf(store)
    const [first] = events
    expect(known.length).toBeLessThan(events.length)
    expect(known.length).toBeGreaterThan(events.length / 2)
    expect(known[0]).toEqual(first)
    expect(await store.log.findOutcome(first?.cause ?? '')).toMatchObject({ ok: true })
    const gap = /events (\d+) to (\d+) are nowhere/.exec(report.doubts[0]?.detail ?? '')
    const missing = events.filter((event) => !known.some(({ version }) => version === event.version))
    expect([Number(gap?.[1]), Number(gap?.[2])]).toEqual([missing[0]?.version, missing.at(-1)?.version])
  },
)

test('a chapter edited by a person while the database was lost is read as we left it', async () => {
  const at = await lived()
  at.github.edit(at.chapters()[1] ?? '', 'nothing to see', 'mallory')
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('a chapter that moved to another comment, in whatever place of the thread, is found all the same', async () => {
  const at = await lived()
  const middle = at.chapters()[1] ?? ''
  const text = at.github.bodyOf(middle)
  at.github.erase(middle)
  at.github.post(12, text, OUR_APP)
  const { store, report } = await restored(at)
  expect(report.doubts).toEqual([])
  expect(await at.eventsOf(store)).toEqual(await at.eventsOf(at.store))
})

test('a log that lacks a chapter still writes, and leaves what is missing alone', async () => {
  const at = await lived()
  at.github.erase(at.chapters()[1] ?? '')
  const before = at.chapters()
  const { store } = await restored(at)
  await startAgain({ ...at.engine, store }, 1)
  const process = at.processOver(store)
  const first = await process.encode()
  expect(at.chapters()).toEqual(before)
  expect((await process.encode()).body).toBe(first.body)
})

test('of two replicas that seal at once one stops before it writes', async () => {
  const at = await lived(40)
  const before = at.chapters().length
  await at.work(40, 900, 40)
  const ends = await Promise.allSettled([at.processOver(at.store).encode(), at.processOver(at.store).encode()])
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({ code: 'overtaken', retryable: true })
  await at.bring()
  expect(at.chapters()).toHaveLength(before + 1)
  await at.keep()
  expect(await at.eventsOf((await restored(at)).store)).toEqual(await at.eventsOf(at.store))
})

test('chapters whose comments have other ids now, as after a transfer, are known again and nobody is blamed', async () => {
  const at = await lived()
  at.clock.pass(SETTLE_MS)
  const texts = at.chapters().map((nodeId) => at.github.bodyOf(nodeId))
  for (const nodeId of at.chapters()) at.github.erase(nodeId)
  for (const text of texts) at.github.post(12, text, OUR_APP)
  const before = at.chapters()
  await at.look()
  const body = await at.bring()
  expect(at.changes).toEqual([])
  expect(at.chapters()).toEqual(before)
  expect(body).toContain(`"nodeId":"${before.at(-1)}"`)
})

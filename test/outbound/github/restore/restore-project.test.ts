import { expect, test } from 'vitest'
import { fold } from '../../../../app/engine/fold.ts'
import { restoreReportSchema } from '../../../../schemas/restore-report.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { OUR_APP } from '../memory-github.ts'
import { OTHER_KEYS } from '../record/given.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { createWorld, emptyStore, restore, startAgain } from './given-world.ts'

test('an empty database gets everything back, byte for byte', async () => {
  const world = await createWorld()
  await world.settle()
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toEqual([])
  expect(report.streams.map(({ stream, outcome }) => [stream, outcome])).toEqual([
    [PROJECT, 'imported'],
    [task(12), 'imported'],
    [task(13), 'imported'],
    [task(14), 'imported'],
  ])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
  expect(await store.log.read(task(13))).toEqual(await world.store.log.read(task(13)))
  expect(await store.log.rebuild(fold)).toBe(0)
  expect(restoreReportSchema.parse(report)).toEqual(report)
})

test('what was killed stays so until a person lifts it', async () => {
  const world = await createWorld()
  await world.ask(PROJECT, { type: 'kill', scope: 'workspace', agent: null, reason: 'a key has leaked' })
  await world.ask(PROJECT, { type: 'kill', scope: 'agent', agent: 'claude', reason: 'it loops' })
  await world.settle()
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toEqual([])
  const kills = (await store.projections.project(PROJECT))?.kills
  expect(kills).toMatchObject([
    { scope: 'workspace', by: 'alice' },
    { scope: 'agent', agent: 'claude' },
  ])
  expect(kills).toEqual((await world.store.projections.project(PROJECT))?.kills)
})

test('restoring twice changes nothing', async () => {
  const world = await createWorld()
  await world.settle()
  const store = await emptyStore(world.clock)
  await restore(world, store)
  const dump = await store.projections.dump()
  const again = await restore(world, store)
  expect(again.streams.map(({ outcome }) => outcome)).toEqual(['same', 'same', 'same', 'same'])
  expect(await store.projections.dump()).toBe(dump)
})

test('commands that ran before the loss do not run again', async () => {
  const world = await createWorld()
  await world.settle()
  const store = await emptyStore(world.clock)
  await restore(world, store)
  const [event] = await world.store.log.read(task(13), 2)
  expect(await store.log.findOutcome(event?.cause ?? '')).toMatchObject({ ok: true, stream: task(13) })
})

test('a live lease gets one full term', async () => {
  const world = await createWorld()
  await world.settle()
  world.clock.pass(10 * 3_600_000)
  const store = await emptyStore(world.clock)
  await restore(world, store)
  const { leaseUntil, now } = await store.log.load(task(12))
  expect(leaseUntil).toBe(now + 30 * 60_000)
})

test('an older backup gets what it missed, and nothing on GitHub is touched', async () => {
  const world = await createWorld()
  await world.settle()
  const backup = await emptyStore(world.clock)
  await restore(world, backup)
  await world.ask(task(13), { type: 'unblock-task', id: null })
  await world.ask(task(14), { type: 'add-note', text: 'later' })
  await world.ready(15)
  for (const number of [13, 14, 15]) await world.write(number)
  await world.keep()
  const before = [...world.github.comments_].map(([nodeId]) => world.github.bodyOf(nodeId))
  const report = await restore(world, backup, { scope: 'behind' })
  expect(report.streams.map(({ stream, outcome, from }) => [stream, outcome, from])).toEqual([
    [PROJECT, 'same', 1],
    [task(13), 'imported', 3],
    [task(14), 'imported', 2],
    [task(15), 'imported', 0],
  ])
  expect(await backup.projections.dump()).toBe(await world.store.projections.dump())
  expect([...world.github.comments_].map(([nodeId]) => world.github.bodyOf(nodeId))).toEqual(before)
})

test('records written after the ledger was last written are found too', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.now += 60_000
  await world.ready(15)
  await world.ask(task(12), { type: 'add-note', text: 'not in the ledger yet' })
  await world.write(12)
  await world.write(15)
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a state too large for its comment comes back whole from its parts', async () => {
  const world = await createWorld()
  await world.ready(12)
  for (const letter of 'abc') {
    await world.ask(task(12), { type: 'add-note', text: `${letter}<!-- -->@`.repeat(7_000) })
  }
  await world.write(12)
  await world.keep()
  expect(world.github.bodyOf(world.recordOf(12)).length).toBeLessThan(49_152)
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a record that a person edited is read as we last wrote it', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.edit(world.recordOf(13), 'nothing to see here')
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a record rolled back by a person to an older body of ours is read as we last wrote it', async () => {
  const world = await createWorld()
  await world.settle()
  const old = world.github.bodyOf(world.recordOf(14))
  await world.ask(task(14), { type: 'add-note', text: 'newer' })
  await world.write(14)
  await world.keep()
  world.github.edit(world.recordOf(14), old)
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a ledger page that a person edited is read as we last wrote it, and then everything is looked through', async () => {
  const world = await createWorld()
  await world.settle()
  for (const nodeId of world.github.on(1)) world.github.edit(nodeId, 'gone')
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a deleted record is reported with its last revision; the others come back', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.erase(world.recordOf(13))
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toMatchObject([
    { what: 'record', stream: task(13), issue: 13, problem: 'missing', detail: expect.stringContaining('revision 3') },
  ])
  expect(report.doubts[0]?.next).toContain('/task')
  expect(report.streams).toHaveLength(3)
})

test('records posted by a person or another App are not believed, and are no loss', async () => {
  const world = await createWorld()
  await world.settle()
  const body = world.github.bodyOf(world.recordOf(13))
  world.github.post(13, body, 'mallory')
  world.github.post(13, 'look: <!-- muster:record v1 -->', 'mallory')
  world.github.post(13, '<!-- muster:record v1 kid=k1 rev=99 sig=00 {"x":1} -->', 99)
  world.github.post(20, body, 99)
  world.github.post(22, body.replace('DEV', 'XXX'), 'mallory')
  world.github.post(1, world.github.bodyOf(world.github.on(1)[0] ?? ''), 'mallory')
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toEqual([])
  expect(report.notes.map(({ what, issue }) => [what, issue])).toEqual([
    ['ledger', 1],
    ...[13, 13, 13, 20, 22].map((issue) => ['record', issue]),
  ])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('a record of ours that stands on another issue is doubted', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.post(21, world.github.bodyOf(world.recordOf(13)), OUR_APP)
  const report = await restore(world, await emptyStore(world.clock))
  expect(report.doubts.map(({ issue, problem }) => [issue, problem])).toEqual([[21, 'wrong-place']])
})

test('a copy in another’s hand is doubted where our own record is gone', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.post(13, world.github.bodyOf(world.recordOf(13)), 'mallory')
  world.github.post(14, 'look: <!-- muster:record v1 -->', 'mallory')
  world.github.erase(world.recordOf(13))
  world.github.erase(world.recordOf(14))
  const report = await restore(world, await emptyStore(world.clock))
  expect(report.doubts.map(({ issue, problem }) => [issue, problem])).toEqual([
    [13, 'not-ours'],
    [14, 'missing'],
  ])
  expect(report.notes).toMatchObject([{ issue: 14 }])
})

test('of a ledger that was made twice the newest pages count, on whichever issue they stand', async () => {
  const world = await createWorld()
  await world.settle()
  // Two made it at once: the log went on with the second one.
  await world.github.create()
  for (const nodeId of world.github.on(1)) world.github.erase(nodeId)
  const first = world.github.ledgers.shift() ?? expect.fail()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 2 })
  world.clock.pass(SETTLE_MS)
  await world.keep(world.keeperOf(world.store))
  world.github.ledgers.unshift(first)
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('with the wrong key nothing is believed, and it is said which key is missing', async () => {
  const world = await createWorld()
  await world.settle()
  const store = await emptyStore(world.clock)
  const report = await restore(world, store, { keys: OTHER_KEYS })
  expect(report.streams).toEqual([])
  expect(new Set(report.doubts.map(({ problem }) => problem))).toEqual(new Set(['bad-signature', 'no-project-page']))
  expect(report.doubts[0]?.next).toContain('MUSTER_RECORD_KEYS')
})

test('without a ledger every comment is looked through, and the project can be opened anew', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.ledgers.length = 0
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts.map(({ problem }) => problem)).toEqual(['no-ledger', 'no-project-page'])
  expect(report.streams).toHaveLength(3)
  expect(report.reopen).toMatchObject({ repositoryId: 7, repository: 'acme/widgets', prefix: 'DEV' })
})

test('another history of the same task is set apart: nothing is imported over it', async () => {
  const world = await createWorld()
  await world.settle()
  const other = await createWorld()
  await other.ready(13)
  for (let n = 0; n < 3; n += 1) await other.ask(task(13), { type: 'add-note', text: `other ${n}` })
  const dump = (await other.store.projections.task(task(13)))?.task
  const report = await restore(world, other.store)
  expect(report.doubts).toContainEqual(expect.objectContaining({ stream: task(13), problem: 'forked', setApart: true }))
  expect((await other.store.projections.task(task(13)))?.task).toEqual(dump)
})

test('a log that another Muster has overtaken is left alone', async () => {
  const world = await createWorld()
  await world.settle()
  const backup = await emptyStore(world.clock)
  await restore(world, backup)
  const dump = await backup.projections.dump()
  await startAgain(world.engine, 1)
  await world.ask(task(14), { type: 'add-note', text: 'in the new epoch' })
  await world.write(14)
  await world.keep()
  const report = await restore(world, backup, { scope: 'behind' })
  expect(report.epoch).toBe(2)
  expect(report.doubts.filter(({ setApart }) => setApart).map(({ stream }) => stream)).toEqual([PROJECT, task(14)])
  expect(new Set(report.doubts.map(({ problem }) => problem))).toEqual(new Set(['newer-epoch']))
  expect(await backup.projections.dump()).toBe(dump)
})

test('an older body of ours in place of a newer one is not believed when the ledger has seen the newer', async () => {
  const world = await createWorld()
  await world.settle()
  const old = world.github.bodyOf(world.recordOf(14))
  await world.ask(task(14), { type: 'add-note', text: 'newer' })
  await world.write(14)
  await world.keep()
  // As a thief of our token would: the App itself is the last editor.
  world.github.edit(world.recordOf(14), old, OUR_APP)
  const store = await emptyStore(world.clock)
  const report = await restore(world, store)
  expect(report.doubts).toMatchObject([{ issue: 14, problem: 'older-than-mark' }])
  expect(await store.projections.task(task(14))).toBeNull()
})

test('a backup from before the oldest event that GitHub still shows gets the state, and the gap is named', async () => {
  const world = await createWorld()
  await world.settle()
  const backup = await emptyStore(world.clock)
  await restore(world, backup)
  for (let n = 0; n < 99; n += 1) {
    await world.ask(task(14), { type: 'add-note', text: `note ${n} ${'x'.repeat(400)}` })
  }
  await world.write(14)
  await world.keep()
  const report = await restore(world, backup, { scope: 'behind' })
  expect(report.streams).toContainEqual({ stream: task(14), outcome: 'gap', rev: 101, from: 2 })
  expect(await backup.projections.dump()).toBe(await world.store.projections.dump())
  expect(await backup.log.rebuild(fold)).toBe(0)
  expect((await backup.log.base(task(14)))?.version).toBeGreaterThan(2)
})

test.each([
  ['whose origin GitHub redirects to this issue is believed', true],
  ['that is signed for another issue, which nobody redirects, is not', false],
])('a record %s', async (_, isRedirected) => {
  const world = await createWorld()
  await world.settle()
  // It was transferred, and Muster was lost before it signed the record anew.
  const { versions } = world.github.comments_.get(world.recordOf(13)) ?? { versions: [] }
  world.github.erase(world.recordOf(13))
  world.github.post(40, versions.at(-1)?.body ?? '')
  const asked: unknown[] = []
  const store = await emptyStore(world.clock)
  const report = await restore(world, store, {
    redirectsTo: (origin, issue) => {
      asked.push([origin.issueNumber, issue.number])
      return Promise.resolve(isRedirected)
    },
  })
  expect(asked).toEqual([[13, 40]])
  expect(report.doubts.map(({ problem }) => problem)).toEqual(
    isRedirected ? [] : expect.arrayContaining(['wrong-place']),
  )
  expect((await store.projections.task(task(13))) !== null).toBe(isRedirected)
})

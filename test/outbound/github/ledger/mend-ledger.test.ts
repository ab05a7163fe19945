/** People do things to the ledger issue itself: it is put right a few times, put on record, and never fought over. */
import { expect, test } from 'vitest'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { createWorld, emptyStore, restore, startAgain, type World } from '../restore/given-world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const settled = async (): Promise<World> => {
  const world = await createWorld()
  await world.settle()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 1 })
  await world.keep()
  world.github.mended.length = 0
  world.github.writes.length = 0
  return world
}

/** Somebody touched the ledger, and we look. */
const lookAt = async (world: World): Promise<readonly string[]> => {
  world.github.now += 1_000
  await world.keeper.lookAgain(PROJECT)
  const kept = await world.keep()
  return kept.outcome === 'set-apart' ? expect.fail() : kept.tampering.map(({ detail }) => detail)
}

const close = (world: World): void =>
  world.github.change(1, { open: false, closedAt: new Date(world.github.now).toISOString() })

test('a closed ledger is opened again, and stands on record once', async () => {
  const world = await settled()
  close(world)
  expect(await lookAt(world)).toEqual(['the ledger issue 1 was closed; that is put right'])
  expect(world.github.ledgers).toMatchObject([{ number: 1, open: true, locked: true }])
  expect(await lookAt(world)).toEqual([])
  expect(world.github.mended).toEqual(['open'])
})

test('the same closing is the same finding, however often it is found', async () => {
  const world = await settled()
  close(world)
  const { ledgers } = world.github
  const closed = ledgers[0] ?? expect.fail()
  await world.keeper.lookAgain(PROJECT)
  const first = await world.keep()
  // The life that opened it ended before it could say so, and GitHub shows the next one its past.
  world.github.change(1, { open: false, closedAt: closed.closedAt })
  const next = world.keeperOf(world.store)
  expect(await world.keep(next)).toMatchObject({ outcome: 'too-soon' })
  world.clock.pass(SETTLE_MS)
  const second = await world.keep(next)
  const identities = [first, second].map((kept) => (kept.outcome === 'kept' ? kept.tampering : expect.fail()))
  expect(identities[0]).toHaveLength(1)
  expect(identities[1]).toEqual(identities[0])
})

test('closed a fourth time within the hour it is left closed, said once, and kept all the same', async () => {
  const world = await settled()
  for (let n = 0; n < 3; n += 1) {
    close(world)
    await lookAt(world)
    world.clock.pass(MINUTE_MS)
  }
  close(world)
  expect(await lookAt(world)).toEqual([
    expect.stringContaining('was closed a fourth time within an hour; it is left so'),
  ])
  expect(await lookAt(world)).toEqual([])
  expect(world.github.ledgers).toMatchObject([{ open: false }])
  expect(world.github.mended).toEqual(['open', 'open', 'open'])
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  world.clock.pass(HOUR_MS)
  // Nobody touched it: the hour alone makes the next keep look.
  expect(await world.keep()).toMatchObject({ outcome: 'kept', tampering: [{}] })
  expect(world.github.ledgers).toMatchObject([{ open: true }])
})

test('an unlocked ledger is locked again; one that was never locked is nobody’s doing', async () => {
  const world = await settled()
  world.github.change(1, { locked: false })
  expect(await lookAt(world)).toEqual(['the ledger issue 1 was unlocked; that is put right'])
  expect(world.github.ledgers).toMatchObject([{ locked: true }])

  const store = await emptyStore(world.clock)
  await restore(world, store)
  world.github.change(1, { locked: false })
  expect(await world.keep(world.keeperOf(store), store)).toMatchObject({ outcome: 'kept', tampering: [] })
  expect(world.github.ledgers).toMatchObject([{ locked: true }])
})

test('a ledger whose text was replaced is still the ledger', async () => {
  const world = await settled()
  world.github.change(1, { marked: false })
  expect(await lookAt(world)).toEqual(['the ledger issue 1 was given another text; that is put right'])
  expect(world.github.ledgers).toMatchObject([{ number: 1, marked: true }])
  expect(world.github.ledgers).toHaveLength(1)
})

test('what GitHub refuses to put right is for a person to do', async () => {
  const world = await settled()
  world.github.refuses = ['open']
  close(world)
  expect(await lookAt(world)).toEqual([
    'the ledger issue 1 was closed; GitHub does not let Muster put that right: do it by hand',
  ])
})

test('comments that somebody keeps changing are left alone for the hour, and then written anew', async () => {
  const world = await settled()
  const [page = ''] = world.github.on(1)
  const ours = world.github.bodyOf(page)
  for (let n = 0; n < 3; n += 1) {
    world.github.edit(page, `mine ${n}`)
    expect(await lookAt(world)).toHaveLength(1)
    expect(world.github.bodyOf(page)).toBe(ours)
    world.clock.pass(MINUTE_MS)
  }
  world.github.edit(page, 'mine for good')
  expect(await lookAt(world)).toContainEqual(expect.stringContaining('changed a fourth time within an hour'))
  expect(world.github.bodyOf(page)).toBe('mine for good')
  const kept = await world.keep()
  const until = kept.outcome === 'left-alone' ? kept.until : expect.fail()
  expect(until - world.clock.now()).toBe(HOUR_MS - MINUTE_MS)
  world.clock.pass(until - world.clock.now())
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  expect(world.github.bodyOf(page)).toBe(ours)
})

test('what has news is written all the same, and a deleted page is always made anew, only less and less often', async () => {
  const world = await settled()
  const projectPage = (): string => world.github.on(1).find((id) => world.github.bodyOf(id).includes('epoch 1')) ?? ''
  const [page = '', marks = ''] = world.github.on(1)
  for (let n = 0; n < 4; n += 1) {
    world.github.edit(page, `mine ${n}`)
    await lookAt(world)
    world.clock.pass(MINUTE_MS)
  }
  // A finding about the ledger is no news of the project; a mark that has risen is.
  await world.ask(PROJECT, { type: 'report-project-tampering', what: 'ledger', by: null, detail: 'mine 3' })
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  const before = world.github.bodyOf(marks)
  expect(await world.keep()).toMatchObject({ outcome: 'left-alone' })
  expect(world.github.bodyOf(page)).toBe('mine 3')
  expect(world.github.bodyOf(marks)).not.toBe(before)
  await world.ask(PROJECT, { type: 'pause-project', reason: 'a look around' })
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  expect(world.github.bodyOf(page)).toContain('a look around')

  for (let n = 0; n < 3; n += 1) {
    world.clock.pass(SETTLE_MS)
    world.github.erase(projectPage())
    expect(await lookAt(world)).toHaveLength(1)
    expect(projectPage()).not.toBe('')
  }
  world.clock.pass(SETTLE_MS)
  world.github.erase(projectPage())
  expect(await lookAt(world)).toContainEqual(expect.stringContaining('deleted a fourth time within an hour'))
  expect(projectPage()).toBe('')
  const kept = await world.keep()
  expect(kept).toMatchObject({ outcome: 'left-alone', until: world.clock.now() + MINUTE_MS })
  world.clock.pass(MINUTE_MS)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  expect(projectPage()).not.toBe('')
})

test('a ledger that was deleted, or moved to another repository, is made anew with all of its pages', async () => {
  const world = await settled()
  const bodies = world.github.on(1).map((nodeId) => world.github.bodyOf(nodeId))
  world.github.lose(1)
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  // Nobody told us: the write that finds no comment does, and then the one that finds no issue.
  expect(await world.keep()).toMatchObject({ outcome: 'unsure' })
  expect(await world.keep()).toMatchObject({ outcome: 'unsure' })
  // It was made just now, so that GitHub may only not list it yet.
  expect(await world.keep()).toMatchObject({ outcome: 'too-soon', until: world.clock.now() + SETTLE_MS })
  world.clock.pass(SETTLE_MS)
  const kept = await world.keep()
  expect(kept).toMatchObject({ outcome: 'kept', issue: 2, written: 2, instead: { of: 1, why: 'gone' } })
  expect(world.github.ledgers).toMatchObject([{ number: 2, locked: true, open: true }])
  expect(world.github.on(2)).toHaveLength(bodies.length)
})

test('a ledger that belongs to a newer epoch is not even opened again', async () => {
  const world = await settled()
  const older = await emptyStore(world.clock)
  await restore(world, older)
  await startAgain(world.engine, 1)
  await world.keep()
  close(world)
  world.github.post(1, world.github.bodyOf(world.github.on(1)[0] ?? ''))
  const before = world.github.on(1)
  world.github.mended.length = 0
  expect(await world.keep(world.keeperOf(older), older)).toMatchObject({ outcome: 'set-apart' })
  expect(world.github.mended).toEqual([])
  expect(world.github.on(1)).toEqual(before)
})

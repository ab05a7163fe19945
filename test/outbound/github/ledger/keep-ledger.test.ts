import { expect, test } from 'vitest'
import { MAX_BODY_CHARS } from '../../../../app/outbound/github/record/seal.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import type { MemoryGitHub } from '../memory-github.ts'
import { createWorld, emptyStore, restore, startAgain } from '../restore/given-world.ts'

const pages = (github: MemoryGitHub): readonly string[] => github.on(1).map((nodeId) => github.bodyOf(nodeId))

test('the first keep makes one locked issue with a page for the project and one for the marks', async () => {
  const world = await createWorld()
  await world.settle()
  expect(world.github.ledgers).toMatchObject([{ number: 1, locked: true }])
  expect(pages(world.github)).toMatchObject([
    expect.stringMatching(/^\*\*acme\/widgets\*\*: keys begin with `DEV`, epoch 1\.\n\n<!-- muster:ledger v1 /),
    expect.stringMatching(/^\*\*Records\*\* of 3 tasks, issues 12 to 14\.\n\n<!-- muster:ledger v1 /),
  ])
})

test('what opening the ledger puts on record is in its first page', async () => {
  const world = await createWorld()
  await world.ready(12)
  let asked = 0
  const opened = async (issue: number): Promise<void> => {
    asked += 1
    await world.ask(PROJECT, { type: 'open-ledger', issue })
  }
  expect(await world.keep(world.keeper, world.store, opened)).toMatchObject({ outcome: 'kept', issue: 1 })
  expect(pages(world.github)[0]).toContain('ledger-opened')
  world.github.writes.length = 0
  expect(await world.keep(world.keeper, world.store, opened)).toMatchObject({ outcome: 'kept', written: 0 })
  expect(asked).toBe(1)
})

test('marks are read once, and only where a ledger was made', async () => {
  const world = await createWorld()
  await world.settle()
  const project = await world.store.projections.project(PROJECT)
  const keeper = world.keeperOf(world.store)
  await keeper.look(project ?? expect.fail())
  expect(keeper.markOf(task(14))).toBeNull()
  await keeper.look({ ...(project ?? expect.fail()), ledgerIssue: 1 })
  expect(keeper.markOf(task(14))).toMatchObject({ stream: task(14) })
})

test('keeping again writes nothing; a changed mark changes one page', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.writes.length = 0
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 0 })
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  expect(world.github.writes).toEqual(['update'])
})

test('a new process looks first and then writes nothing', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.writes.length = 0
  expect(await world.keep(world.keeperOf(world.store))).toMatchObject({ outcome: 'kept', written: 0, tampering: [] })
  const store = await emptyStore(world.clock)
  await restore(world, store)
  expect(await world.keep(world.keeperOf(store), store)).toMatchObject({ outcome: 'kept', written: 0 })
  expect(world.github.writes).toEqual([])
})

test('an answer that never came makes no doubles: the comments are read before anything is created again', async () => {
  const world = await createWorld()
  await world.ready(12)
  world.github.outcomes = ['lost']
  expect(await world.keep()).toMatchObject({ outcome: 'unsure' })
  expect(await world.keep()).toMatchObject({ outcome: 'kept' })
  expect(world.github.on(1)).toHaveLength(1)
})

test('a crash between sending and noting makes no doubles', async () => {
  const world = await createWorld()
  await world.ready(12)
  world.github.outcomes = ['crash']
  await expect(world.keep()).rejects.toThrow('broke')
  expect(await world.keep(world.keeperOf(world.store))).toMatchObject({ outcome: 'kept', written: 1 })
  expect(world.github.on(1)).toHaveLength(1)
})

test('a refused write is not called kept', async () => {
  const world = await createWorld()
  await world.settle()
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  world.github.outcomes = ['refused']
  expect(await world.keep()).toMatchObject({ outcome: 'unsure' })
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
})

test('doubles of pages and of the issue are healed: the lowest id stays', async () => {
  const world = await createWorld()
  await world.settle()
  const before = world.github.on(1)
  for (const nodeId of before) world.github.post(1, world.github.bodyOf(nodeId))
  await world.github.create()
  await world.keep(world.keeperOf(world.store))
  expect(world.github.on(1)).toEqual(before)
  expect(world.github.ledgers).toMatchObject([
    { number: 1, open: true },
    { number: 2, open: false },
  ])
})

test('a page that a person edited is reported, read as we left it, and written anew in its place', async () => {
  const world = await createWorld()
  await world.settle()
  const [first = '', second = ''] = world.github.on(1)
  const bodies = pages(world.github)
  world.github.edit(first, 'I was here')
  world.github.edit(second, world.github.bodyOf(second).replace('3 tasks', '9 tasks'))
  await world.keeper.lookAgain(PROJECT)
  const kept = await world.keep()
  expect(kept).toMatchObject({ outcome: 'kept', written: 2 })
  expect(kept.outcome === 'kept' && kept.tampering).toHaveLength(2)
  expect(world.github.on(1)).toEqual([first, second])
  expect(pages(world.github)).toEqual(bodies)
})

test('a deleted page is made again', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.erase(world.github.on(1)[1] ?? '')
  await world.keeper.lookAgain(PROJECT)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
  expect(world.github.on(1)).toHaveLength(2)
})

test('a page deleted behind our back is noticed by the write that fails, and made again', async () => {
  const world = await createWorld()
  await world.settle()
  world.github.erase(world.github.on(1)[1] ?? '')
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  expect(await world.keep()).toMatchObject({ outcome: 'unsure' })
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 1 })
})

test('comments of people on the ledger, however they look, are left alone and say nothing', async () => {
  const world = await createWorld()
  await world.settle()
  const copy = world.github.post(1, pages(world.github)[1] ?? '', 'mallory')
  const chat = world.github.post(1, 'what is this?', 'dave')
  await world.keeper.lookAgain(PROJECT)
  const kept = await world.keep()
  expect(kept).toMatchObject({ outcome: 'kept', written: 0 })
  expect(kept.outcome === 'kept' && kept.tampering).toEqual([
    { detail: expect.stringContaining('not written by our App'), identity: expect.any(String) },
  ])
  expect(world.github.on(1)).toEqual(expect.arrayContaining([copy.nodeId, chat.nodeId]))
})

test('a ledger that is further, or of a newer epoch, is not written over', async () => {
  const world = await createWorld()
  await world.settle()
  const older = await emptyStore(world.clock)
  await restore(world, older)
  await startAgain(world.engine, 1)
  await world.keep()
  world.github.writes.length = 0
  const kept = await world.keep(world.keeperOf(older), older)
  expect(kept).toMatchObject({ outcome: 'set-apart', who: { verdict: 'newer-epoch', epoch: 2 } })
  expect(world.github.writes).toEqual([])
})

test('marks never go back: an older database keeps those that it has not caught up with', async () => {
  const world = await createWorld()
  await world.settle()
  const older = await emptyStore(world.clock)
  await restore(world, older)
  await world.ask(task(14), { type: 'add-note', text: 'more' })
  await world.write(14)
  await world.keep()
  const keeper = world.keeperOf(older)
  const body = pages(world.github)[1]
  const mark = world.marks.get(14)
  world.marks.set(14, { ...(mark ?? expect.fail()), rev: 2 })
  await world.keep(keeper, older)
  expect(pages(world.github)[1]).toBe(body)
  expect(keeper.markOf(task(14))).toMatchObject({ rev: mark?.rev })
})

test('work of one project never overlaps', async () => {
  const world = await createWorld()
  await world.ready(12)
  await world.write(12)
  await Promise.all([world.keep(), world.keep(), world.keep()])
  expect(world.github.on(1)).toHaveLength(2)
  expect(world.github.ledgers).toHaveLength(1)
})

test('a thousand tasks stay within the limits of a comment', async () => {
  const world = await createWorld()
  const head = 'a'.repeat(64)
  for (let number = 1; number <= 1_000; number += 1) {
    const comment = { id: 10_000_000_000 + number, nodeId: `IC_kwDO${'x'.repeat(24)}` }
    world.marks.set(number, { stream: `task/7/${number}`, number, comment, rev: 100, head })
  }
  await world.keep()
  expect(pages(world.github)).toHaveLength(8)
  for (const body of pages(world.github)) expect(body.length).toBeLessThan(MAX_BODY_CHARS * 0.75)
})

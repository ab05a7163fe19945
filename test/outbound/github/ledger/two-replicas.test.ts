/** Two replicas keep one ledger: neither makes what GitHub does not show yet a second time, neither loses the other's notes, and doubles of old are healed. */
import { expect, test } from 'vitest'
import { OvertakenFault } from '../../../../app/outbound/github/notes.ts'
import { sha256 } from '../../../../app/outbound/github/record/sha256.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { doubt } from '../../../../app/outbound/github/restore/doubts.ts'
import type { LedgerKeeper } from '../../../../app/outbound/github/ledger/keep-ledger.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { createWorld, emptyStore, restore, type World } from '../restore/given-world.ts'

const settled = async (): Promise<{ readonly world: World; readonly other: LedgerKeeper }> => {
  const world = await createWorld()
  await world.settle()
  return { world, other: world.keeperOf(world.store) }
}

const aPart = (text: string) => [{ digest: sha256(text), text }]

test('a ledger that GitHub does not list yet is waited for, and made anew only when it stays away', async () => {
  const { world, other } = await settled()
  const all = world.github.ledgers.splice(0)
  const until = world.clock.now() + SETTLE_MS
  expect(await world.keep(other)).toMatchObject({ outcome: 'too-soon', issue: 1, until })
  expect(world.github.ledgers).toEqual([])
  world.github.ledgers.push(...all)
  expect(await world.keep(other)).toMatchObject({ outcome: 'kept', written: 0, tampering: [] })
  world.github.lose(1)
  world.clock.pass(SETTLE_MS)
  expect(await world.keep(world.keeperOf(world.store))).toMatchObject({ outcome: 'kept', issue: 2 })
})

test('pages that GitHub does not list yet are not written twice', async () => {
  const { world, other } = await settled()
  const commentsOf = world.github.commentsOf.bind(world.github)
  world.github.commentsOf = () => Promise.resolve([])
  expect(await world.keep(other)).toMatchObject({ outcome: 'too-soon' })
  world.github.commentsOf = commentsOf
  expect(await world.keep(other)).toMatchObject({ outcome: 'kept', written: 0 })
  expect(world.github.on(1)).toHaveLength(2)
})

test('a touch that one replica heard of makes the other one look', async () => {
  const { world, other } = await settled()
  await world.keep(other)
  world.github.edit(world.github.on(1)[0] ?? '', 'I was here')
  await world.keeper.lookAgain(PROJECT)
  const kept = await world.keep(other)
  expect(kept).toMatchObject({ outcome: 'kept', written: 1 })
  expect(kept.outcome === 'kept' && kept.tampering).toHaveLength(1)
})

test('the one that was overtaken in mid-write says so, and nothing of either is lost or doubled', async () => {
  const { world, other } = await settled()
  await world.keep(other)
  const project = (await world.store.projections.project(PROJECT)) ?? expect.fail()
  const { github } = world
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
  const { promise: frozen, resolve: reached } = Promise.withResolvers<void>()
  const write = github.write.bind(github)
  github.write = async (...words) => {
    github.write = write
    reached()
    await thawed
    return write(...words)
  }
  await world.keeper.setApart.note(
    PROJECT,
    doubt('record', { stream: task(14), issue: 14 }, 'forked', 'its record is gone'),
  )
  const late = world.keep()
  await frozen
  expect(await other.keepParts(project, aPart('from the other'))).toBe(true)
  thaw()
  await expect(late).rejects.toThrow(OvertakenFault)
  expect(await world.keep(other)).toMatchObject({ outcome: 'kept', written: 0 })
  github.writes.length = 0
  expect(await world.keep()).toMatchObject({ outcome: 'kept', written: 0 })
  expect(await world.keeper.keepParts(project, aPart('from the other'))).toBe(true)
  expect(github.writes).toEqual([])
  // Two pages, what is set apart, and the piece.
  expect(github.on(1)).toHaveLength(4)
})

/** A project with a task, before anything was written to GitHub, and a GitHub that lists nothing yet. */
const unlisted = async () => {
  const world = await createWorld()
  await world.ready(12)
  await world.write(12)
  const find = world.github.find.bind(world.github)
  world.github.find = () => Promise.resolve([])
  return { world, listed: () => (world.github.find = find) }
}

test('two that find no ledger make one: the other waits until GitHub shows it', async () => {
  const { world, listed } = await unlisted()
  const other = world.keeperOf(world.store)
  const all = await Promise.all([world.keep(), world.keep(other)])
  expect(all.map(({ outcome }) => outcome).sort()).toEqual(['kept', 'too-soon'])
  expect(await world.keep(world.keeperOf(world.store))).toMatchObject({ outcome: 'too-soon' })
  listed()
  world.clock.pass(SETTLE_MS)
  expect(await world.keep(other)).toMatchObject({ outcome: 'kept', issue: 1, written: 0 })
  expect(world.github.ledgers).toHaveLength(1)
  expect(world.github.on(1)).toHaveLength(2)
})

test('a life that ended right after it made the ledger leaves one, however late GitHub lists it', async () => {
  const { world, listed } = await unlisted()
  const mend = world.github.mend.bind(world.github)
  world.github.mend = () => Promise.reject(new Error('killed'))
  await expect(world.keep()).rejects.toThrow('killed')
  world.github.mend = mend
  const next = world.keeperOf(world.store)
  expect(await world.keep(next)).toMatchObject({ outcome: 'too-soon', until: world.clock.now() + SETTLE_MS })
  listed()
  world.clock.pass(SETTLE_MS)
  expect(await world.keep(next)).toMatchObject({ outcome: 'kept', issue: 1 })
  expect(world.github.ledgers).toMatchObject([{ number: 1, locked: true }])
})

test('a creation that never came about is made good once its time is over', async () => {
  const world = await createWorld()
  await world.ready(12)
  const create = world.github.create.bind(world.github)
  world.github.create = () => Promise.reject(new Error('GitHub is away'))
  await expect(world.keep()).rejects.toThrow('GitHub is away')
  world.github.create = create
  expect(await world.keep()).toMatchObject({ outcome: 'too-soon' })
  world.clock.pass(SETTLE_MS)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', issue: 1 })
})

test('of a ledger that was made twice the first one stands, with all that the other held, and the other is closed', async () => {
  const world = await createWorld()
  await world.github.create()
  const first = world.github.ledgers.shift() ?? expect.fail()
  // The log went on with the second one.
  world.github.ledgers.push({ ...first, number: 2, nodeId: 'I_2', id: 5_002 })
  await world.settle()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 2 })
  await world.keep()
  world.github.ledgers.unshift(first)
  world.clock.pass(SETTLE_MS)
  const opened: number[] = []
  const kept = await world.keep(world.keeperOf(world.store), world.store, async (issue) => {
    opened.push(issue)
    await world.ask(PROJECT, { type: 'open-ledger', issue })
  })
  expect(kept).toMatchObject({ outcome: 'kept', issue: 1, written: 2, instead: { of: 2, why: 'double' } })
  expect(opened).toEqual([1])
  expect(world.github.ledgers).toMatchObject([
    { number: 1, open: true, locked: true },
    { number: 2, open: false },
  ])
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toEqual([])
  expect(await store.projections.dump()).toBe(await world.store.projections.dump())
})

test('whoever made a ledger looks again when GitHub surely shows what others made at the same time', async () => {
  const { world, listed } = await unlisted()
  const again = world.clock.now() + SETTLE_MS
  expect(await world.keep()).toMatchObject({ outcome: 'kept', issue: 1, again })
  listed()
  await world.github.create()
  world.clock.pass(SETTLE_MS)
  expect(await world.keep()).toMatchObject({ outcome: 'kept', issue: 1, instead: null })
  expect(world.github.ledgers).toMatchObject([{ open: true }, { open: false }])
})

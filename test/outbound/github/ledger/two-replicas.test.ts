/** Two replicas keep one ledger: neither makes what GitHub does not show yet a second time, and neither loses the other's notes. */
import { expect, test } from 'vitest'
import { OvertakenFault } from '../../../../app/outbound/github/notes.ts'
import { sha256 } from '../../../../app/outbound/github/record/sha256.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { doubt } from '../../../../app/outbound/github/restore/doubts.ts'
import type { LedgerKeeper } from '../../../../app/outbound/github/ledger/keep-ledger.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { createWorld, type World } from '../restore/given-world.ts'

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

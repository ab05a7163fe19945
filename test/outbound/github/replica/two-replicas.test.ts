/** Two replicas of the App bring one task to GitHub at the same time, or one of them far too late: one comment, one check run, the newest word. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Documents } from '../../../../app/engine/ports.ts'
import { OvertakenFault } from '../../../../app/outbound/github/notes.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { LOOK_AGAIN_MS } from '../../../../app/outbound/github/replica/probe.ts'
import { canTestPostgres } from '../../../contracts/postgres-server.ts'
import { makePostgresHarness, makeSqliteHarness, type MakeHarness } from '../../../contracts/store-harness.ts'
import { useStore } from '../../../contracts/store/use-store.ts'
import { anAttempt } from '../task-fixture.ts'
import { setUp } from './sandbox-harness.ts'

type World = Awaited<ReturnType<typeof setUp>>
let world: World | null = null
afterEach(async () => {
  await world?.close()
  world = null
})

/** Documents whose owner is frozen at its next read of this kind, until it is let go. */
const freezable = (documents: Documents) => {
  let at: string | null = null
  let reached = (): void => {}
  let letGo = Promise.resolve()
  const frozen: Documents = {
    ...documents,
    async get(kind, key) {
      if (kind === at) {
        at = null
        reached()
        await letGo
      }
      return documents.get(kind, key)
    },
  }
  return {
    documents: frozen,
    freezeAt(kind: string) {
      const { promise: gone, resolve: thaw } = Promise.withResolvers<void>()
      const { promise: there, resolve } = Promise.withResolvers<void>()
      at = kind
      reached = resolve
      letGo = gone
      return { there, thaw }
    },
  }
}

const overtaken = async (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => {
      expect(error).toBeInstanceOf(OvertakenFault)
      return true
    },
  )

const titles = async (at: World): Promise<readonly (string | undefined)[]> =>
  (await at.comments()).map(({ body }) => body.split('\n')[0])

const replicas = (make: MakeHarness): void => {
  const use = useStore(make)

  /** Two connections to one database, a sandbox, and a task with an attempt under way. */
  const open = async () => {
    const { store, harness } = await use()
    const other = await harness.open()
    const slow = freezable(store.documents)
    const at = (world = await setUp({}, store.documents))
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    return { at, slow, first: at.replica(slow.documents), second: at.replica(other.documents) }
  }

  it('make one comment and one check run when both begin at once, and both know them', async () => {
    const { at, first, second } = await open()
    const lost = await Promise.all([overtaken(first.reconcile()), overtaken(second.reconcile())])
    expect(lost.filter(Boolean)).toHaveLength(1)
    // The one that was overtaken has looked, and sent nothing.
    const writes = [first, second].map(({ requests }) => requests()['GraphQL Reconcile'] ?? 0)
    expect(writes[lost.indexOf(true)]).toBe(0)
    await first.reconcile()
    await second.reconcile()
    expect(await titles(at)).toEqual(['### DEV-12: in_progress'])
    expect(await at.checks(at.baseSha)).toMatchObject([{ name: 'muster / DEV-12 #1', status: 'in_progress' }])
    at.change({ status: 'blocked' })
    await Promise.all([overtaken(first.reconcile()), overtaken(second.reconcile())])
    await second.reconcile()
    expect(await titles(at)).toEqual(['### DEV-12: blocked'])
    expect(await at.labels()).toEqual(['agent/claude', 'priority/p2', 'status/blocked'])
    expect(await at.checks(at.baseSha)).toHaveLength(1)
    expect(at.changes).toEqual([])
  })

  it('let the one that was frozen before it wrote write nothing, and keep the other’s notes', async () => {
    const { at, slow, first, second } = await open()
    const { there, thaw } = slow.freezeAt('label-ids')
    const late = overtaken(first.reconcile())
    await there
    await second.reconcile()
    at.change({ status: 'review' })
    await second.reconcile()
    const notes = await at.documents.get('replica', at.task.stream)
    thaw()
    expect(await late).toBe(true)
    expect(first.requests()['GraphQL Reconcile']).toBeUndefined()
    expect(await at.documents.get('replica', at.task.stream)).toBe(notes)
    expect(await titles(at)).toEqual(['### DEV-12: review'])
    expect(await at.checks(at.baseSha)).toHaveLength(1)
  })

  it('put right what the one that was frozen in mid-write wrote over newer things', async () => {
    const { at, slow, first, second } = await open()
    await first.reconcile()
    await second.reconcile()
    at.change({ status: 'blocked' })
    const { there, thaw } = slow.freezeAt('label-ids')
    const late = overtaken(first.reconcile())
    await there
    at.change({ status: 'review' })
    await second.reconcile()
    expect(await titles(at)).toEqual(['### DEV-12: review'])
    thaw()
    expect(await late).toBe(true)
    // GitHub takes whatever comes last.
    expect(await titles(at)).toEqual(['### DEV-12: blocked'])
    await second.reconcile()
    expect(await titles(at)).toEqual(['### DEV-12: review'])
    at.passTime(SETTLE_MS)
    await second.reconcile()
    expect(await at.labels()).toEqual(['agent/claude', 'priority/p2', 'status/review'])
    expect(await titles(at)).toEqual(['### DEV-12: review'])
    expect(await at.checks(at.baseSha)).toHaveLength(1)
    expect(at.changes).toEqual([])
  })

  it('heal the double that the one frozen in mid-creation made', async () => {
    const { at, slow, first, second } = await open()
    at.change({ status: 'ready', attempts: [] })
    await first.reconcile()
    await second.reconcile()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    const { there, thaw } = slow.freezeAt('label-ids')
    const late = overtaken(first.reconcile())
    await there
    await second.reconcile()
    expect(await at.checks(at.baseSha)).toHaveLength(1)
    thaw()
    expect(await late).toBe(true)
    expect(await at.checks(at.baseSha)).toHaveLength(2)
    await second.reconcile()
    expect(at.put.some(({ kind }) => kind === 'look-at-task')).toBe(true)
    at.passTime(LOOK_AGAIN_MS)
    await second.reconcile()
    const named = (await at.checks(at.baseSha)).filter(({ name }) => name === 'muster / DEV-12 #1')
    expect(named).toMatchObject([{ status: 'in_progress' }])
  })

  it('take the second look that the other one found needed', async () => {
    const { at, first, second } = await open()
    await first.reconcile()
    await second.reconcile()
    const looks = first.requests()['GraphQL Observe'] ?? 0
    await first.reconcile()
    expect(first.requests()['GraphQL Observe']).toBe(looks)
    expect(at.put.at(-1)).toMatchObject({ kind: 'look-at-task', queue: at.task.stream })
    at.passTime(SETTLE_MS)
    await first.reconcile()
    expect(first.requests()['GraphQL Observe']).toBe(looks + 1)
  })
}

describe('two replicas on SQLite', () => replicas(makeSqliteHarness))
describe.skipIf(!canTestPostgres())('two replicas on Postgres', () => replicas(makePostgresHarness))

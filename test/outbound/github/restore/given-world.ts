/** A Muster with a real engine and store that writes its records and ledger to a GitHub in memory, and can be lost and restored. */
import { fold } from '../../../../app/engine/fold.ts'
import { finishRestores, noteRestore } from '../../../../app/engine/finish-restore.ts'
import { createLedgerKeeper, type KeepInput } from '../../../../app/outbound/github/ledger/keep-ledger.ts'
import { createSetApartNotes } from '../../../../app/outbound/github/ledger/set-apart-notes.ts'
import type { RecordMark } from '../../../../app/outbound/github/ledger/marks-page.ts'
import { encodeRecord } from '../../../../app/outbound/github/record/encode-record.ts'
import type { RecordKeys } from '../../../../app/outbound/github/record/record-keys.ts'
import { restoreProject, type RestoreOptions } from '../../../../app/outbound/github/restore/restore-project.ts'
import type { Store } from '../../../../app/engine/ports.ts'
import type { Engine } from '../../../../app/engine/handle-command.ts'
import { createSqliteStore } from '../../../../app/store/sqlite/create-sqlite-store.ts'
import { createTestEngine, PROJECT, task, type TestClock } from '../../../engine/create-engine.ts'
import { MemoryGitHub, OUR_APP, REPOSITORY } from '../memory-github.ts'
import { KEYS } from '../record/given.ts'

export const createWorld = async (github = new MemoryGitHub()) => {
  const muster = await createTestEngine()
  const records = new Map<number, { readonly nodeId: string; readonly id: number }>()
  const marks = new Map<number, RecordMark>()
  const keeperOf = (store: Store) =>
    createLedgerKeeper({
      issues: github,
      reader: github,
      writer: github,
      documents: store.documents,
      keys: KEYS,
      fold,
      trustedApps: [OUR_APP],
      clock: muster.clock,
      elsewhere: () => Promise.resolve(new Set()),
      setApart: createSetApartNotes({ documents: store.documents, clock: muster.clock, onChange: async () => {} }),
    })
  const keeper = keeperOf(muster.store)

  /** Writes the record of a task, and what it refers to, as the reconciler does. */
  const write = async (number: number): Promise<void> => {
    const stream = task(number)
    const { log, projections } = muster.store
    const project = await projections.project(PROJECT)
    if (project === null) throw new Error('no project')
    const { body, rev, head, parts } = encodeRecord(
      {
        stream,
        origin: { repositoryId: 7, issueId: github.issue(number).id, issueNumber: number },
        epoch: project.epoch,
        state: (await log.load(stream)).state ?? '',
        base: await log.base(stream),
        events: await log.read(stream),
        card: `### DEV-${number}`,
      },
      { keys: KEYS, fold },
    )
    await keeper.keepParts(project, parts)
    const place = records.get(number)
    if (place === undefined) records.set(number, github.post(number, body))
    else github.edit(place.nodeId, body, OUR_APP)
    marks.set(number, { stream, number, comment: records.get(number) ?? { id: 0, nodeId: '' }, rev, head })
  }

  const gather = async (store: Store): Promise<KeepInput> => {
    const project = await store.projections.project(PROJECT)
    if (project === null) throw new Error('no project')
    const { version, head, state } = await store.log.load(PROJECT)
    const base = await store.log.base(PROJECT)
    const events = await store.log.read(PROJECT)
    return { project, version, head, state: state ?? '', base, events, marks: [...marks.values()] }
  }

  const keep = async (
    using = keeper,
    store: Store = muster.store,
    opened: (issue: number) => Promise<void> = async () => {},
  ) =>
    using.keep(await gather(store), async (issue) => {
      await opened(issue)
      return gather(store)
    })

  return {
    ...muster,
    github,
    keeper,
    keeperOf,
    write,
    keep,
    marks,
    recordOf: (number: number): string => records.get(number)?.nodeId ?? '',
    /** Some tasks in several states, with records and ledger written. */
    settle: async (): Promise<void> => {
      await muster.ready(12)
      await muster.claim(12)
      await muster.ready(13)
      await muster.ask(task(13), { type: 'block-task', reason: 'waiting --> for <b>legal</b> @everyone' })
      await muster.ready(14)
      for (const number of [12, 13, 14]) await write(number)
      await keep()
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

export const emptyStore = (clock: TestClock): Promise<Store> => createSqliteStore({ path: ':memory:', clock })

export const restore = (
  { github }: Pick<World, 'github'>,
  store: Store,
  options: {
    readonly scope?: RestoreOptions['scope']
    readonly keys?: RecordKeys
    readonly trustedApps?: readonly number[]
    readonly redirectsTo?: RestoreOptions['redirectsTo']
  } = {},
) => {
  const { scope = 'all', keys = KEYS, trustedApps = [OUR_APP], redirectsTo = async () => false } = options
  return restoreProject(REPOSITORY, {
    reader: github,
    issues: github,
    log: store.log,
    fold,
    keys,
    trustedApps,
    scope,
    redirectsTo,
  })
}

/** Restores and starts again: what `npm run restore` and the next `npm start` do. */
export const startAgain = async (engine: Engine, epoch: number, id = 'restore-1') => {
  await noteRestore(engine.store.documents, { project: PROJECT, id, epoch, reopen: null, findings: [] })
  return finishRestores(engine)
}

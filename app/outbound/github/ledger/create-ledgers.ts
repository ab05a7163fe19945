/** The ledgers of all projects: a keeper per installation and repository, and what it has to hold, gathered from the log. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import { reconcileLedger, reconcileTask } from '../../../engine/effects.ts'
import type { Clock, Fold, Store } from '../../../engine/ports.ts'
import type { Doubt } from '../../../../schemas/restore-report.ts'
import type { GitHub } from '../client.ts'
import type { GitHubLog } from '../client/limits.ts'
import { createGitHubComments } from '../github-comments.ts'
import { createGitHubLedgerIssues } from '../github-ledger-issues.ts'
import type { OwnAccount } from '../own-account.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { createReplicaBases } from '../replica/base.ts'
import { heldUntil } from '../replica/corrections.ts'
import { createLedgerKeeper, type KeepInput, type Kept, type LedgerKeeper } from './keep-ledger.ts'
import { createLedgerNotes } from './ledger-base.ts'
import type { LookedAt } from './meet-ledger.ts'
import type { LedgerTampering } from './mend-ledger-issue.ts'
import { createRecordMarks } from './record-marks.ts'
import { createSetApartNotes } from './set-apart-notes.ts'

export interface Ledgers {
  of(project: Project): LedgerKeeper
  /** Brings the ledger of the project up to date. */
  keep(project: StreamId): Promise<void>
  /** What a comparison of all of the project's records at a start found: what is set apart is noted, and what was before is looked at again. */
  doubted(project: StreamId, doubts: readonly Doubt[]): Promise<void>
  /** When anything was last written to a task's issue or a ledger; 0: never. */
  lastWritten(): Promise<Millis>
  /** Issues of tasks, and ledgers, that do not show what the log knows because fields are left alone for now (replica/corrections.ts). */
  withheld(): Promise<readonly Withheld[]>
}

export interface Withheld {
  readonly stream: StreamId
  readonly issue: number
  readonly fields: readonly string[]
  /** When the first of them may be written again; past: any moment now. */
  readonly until: Millis
}

type Instead = NonNullable<LookedAt['instead']>

const WRITTEN = 'ledger-written'

/** What the project's own stream should know of its ledger: answered by commands, which only the engine can give. */
export interface LedgerFindings {
  /** The ledger stands on this issue now: `open-ledger`. */
  opened(project: StreamId, issue: number): Promise<void>
  /** Somebody changed what only we write; it was not believed and is written anew: `report-project-tampering`. */
  tampered(project: StreamId, found: LedgerTampering): Promise<void>
}

export class LedgerUnsureFault extends Error {
  override readonly name = 'LedgerUnsureFault'
  readonly code = 'ledger-unsure'
  readonly retryable = true
  constructor(project: StreamId) {
    super(`nobody knows whether the ledger of ${project} was written; it is looked at again`)
  }
}

export const createLedgers = (deps: {
  readonly github: GitHub
  readonly store: Store
  readonly keys: RecordKeys
  readonly fold: Fold
  readonly appId: number
  readonly account: OwnAccount
  readonly clock: Clock
  readonly log: GitHubLog
  readonly findings: LedgerFindings
}): Ledgers => {
  const { github, store, keys, fold, appId, account, clock, log, findings } = deps
  const { documents, outbox } = store
  const bases = createReplicaBases(documents)
  const marks = createRecordMarks(store.log)
  const keepers = new Map<string, LedgerKeeper>()
  /** Why nothing is written to a ledger, as far as the log was told: every keep finds it again. */
  const told = new Map<StreamId, string>()
  const keepLater = (project: StreamId, at: Millis): Promise<void> => outbox.put([reconcileLedger(project, at)])
  const setApart = createSetApartNotes({
    documents,
    clock,
    onChange: (project) => keepLater(project, clock.now()),
  })

  /** Unknown tasks are the ledger's own: it has seen more than this data. */
  const elsewhere = async (project: StreamId, tasks: readonly StreamId[]): Promise<ReadonlySet<StreamId>> => {
    const known = await store.projections.tasksOf(tasks)
    const left = known.filter((task) => task.project !== project || task.away !== undefined)
    return new Set(left.map(({ stream }) => stream))
  }

  const of = (project: Project): LedgerKeeper => {
    const key = `${project.installationId}:${project.repository}`
    const known = keepers.get(key)
    if (known !== undefined) return known
    const client = github.installation(project.installationId, 'cosmetic')
    const comments = createGitHubComments({ client, appId, repository: project.repository })
    const trustedApps = [appId]
    const keeper = createLedgerKeeper({
      issues: createGitHubLedgerIssues({ client, trustedApps, botLogin: account.botLogin }),
      reader: comments,
      writer: comments,
      documents,
      keys,
      fold,
      trustedApps,
      clock,
      setApart,
      elsewhere,
    })
    keepers.set(key, keeper)
    return keeper
  }

  const gather = async (stream: StreamId): Promise<KeepInput | null> => {
    const { version, head, state } = await store.log.load(stream)
    if (state === null) return null
    return {
      project: JSON.parse(state) as Project,
      version,
      head,
      state,
      base: await store.log.base(stream),
      events: (await store.log.read(stream)).filter((event) => event.version <= version),
      marks: await marks.of(stream, await bases.list()),
    }
  }

  const tellApart = async (project: StreamId, { issue, who }: Kept & { outcome: 'set-apart' }): Promise<void> => {
    const place = { project, issue, verdict: who.verdict }
    if (who.verdict === 'import') {
      log.warn('the ledger on GitHub is further than this data: nothing is written there until that is imported', place)
      return keepLater(project, clock.now())
    }
    if (told.get(project) !== who.verdict)
      log.warn('the ledger on GitHub has another history: nothing is written there until a person decides', place)
    told.set(project, who.verdict)
  }

  const noteGone = async (stream: StreamId, { stream: task }: Doubt): Promise<void> => {
    const project = await store.projections.project(stream)
    const mark = task === null || project === null ? null : of(project).markOf(task)
    if (task !== null && mark !== null && (await store.log.load(task)).version === 0)
      await setApart.noteGone(task, mark)
  }

  /** What only the ledger before held, pieces of large records, comes from the log again: every record is written anew as far as it has to be. */
  const startOver = async (stream: StreamId, { of: gone, why }: Instead, issue: number): Promise<void> => {
    const detail =
      why === 'gone'
        ? `the ledger issue ${gone} is gone: deleted, or moved to another repository; issue ${issue} is the ledger now`
        : `the ledger was made twice: issue ${issue}, the first one, is the ledger now, and issue ${gone} is closed`
    log.warn(why === 'gone' ? 'the ledger was made anew' : 'the ledger was made twice', {
      project: stream,
      gone,
      issue,
    })
    await findings.tampered(stream, { detail, identity: `${why}:${gone}:${issue}` })
    const tasks = (await bases.list()).filter(({ base }) => `project/${base.issue.repositoryId}` === stream)
    await outbox.put(tasks.map((task) => reconcileTask(task.stream, clock.now())))
  }

  return {
    of,
    async keep(stream) {
      const input = await gather(stream)
      if (input === null) return
      const kept = await of(input.project).keep(input, async (issue) => {
        // On record before the first page is written, which then shows it.
        await findings.opened(stream, issue)
        return (await gather(stream)) ?? input
      })
      if (kept.outcome === 'set-apart') return tellApart(stream, kept)
      told.delete(stream)
      for (const found of kept.tampering) {
        log.warn('the ledger on GitHub was not as Muster left it', { project: stream, found: found.detail })
        await findings.tampered(stream, found)
      }
      if (kept.outcome === 'unsure' || (kept.outcome === 'kept' && kept.written > 0)) {
        await documents.put(WRITTEN, stream, String(clock.now()))
      }
      if (kept.outcome === 'unsure') throw new LedgerUnsureFault(stream)
      if (kept.outcome !== 'kept') return keepLater(stream, kept.until)
      if (kept.instead !== null) await startOver(stream, kept.instead, kept.issue)
      if (kept.again !== null) await keepLater(stream, kept.again)
    },

    async doubted(project, doubts) {
      for (const doubt of doubts) {
        if (doubt.setApart) await setApart.note(project, doubt)
        else if (doubt.problem === 'missing') await noteGone(project, doubt)
        else if (doubt.problem === 'missing-chapter') {
          const detail = `issue ${doubt.issue ?? 0}: ${doubt.detail}`
          log.warn('events are missing on GitHub', { project, found: detail })
          await findings.tampered(project, { detail, identity: `missing-chapter:${detail}` })
        }
      }
      const tasks = (await setApart.of(project)).filter(({ stream }) => stream !== project)
      await outbox.put(tasks.map(({ stream }) => reconcileTask(stream, clock.now())))
    },

    async lastWritten() {
      const ledgers = (await documents.list(WRITTEN)).map(({ value }) => Number(value))
      const issues = (await bases.list()).map(({ base }) => base.writtenAt)
      return Math.max(0, ...ledgers, ...issues)
    },

    async withheld() {
      const notes = createLedgerNotes(documents)
      const projects = await store.projections.projects()
      const ledgers = await Promise.all(projects.map(async ({ stream }) => ({ stream, base: await notes.get(stream) })))
      const now = clock.now()
      return [...(await bases.list()), ...ledgers].flatMap(({ stream, base }): readonly Withheld[] => {
        const fields = base?.withheld ?? []
        if (base === null || fields.length === 0) return []
        return [{ stream, issue: base.issue.number, fields, until: heldUntil(base, now) ?? now }]
      })
    },
  }
}

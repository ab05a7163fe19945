/**
 * Brings a project back from what GitHub holds: into an empty log all of it, into an older one what it missed. Reads only; what
 * cannot be believed is listed with its reason and a next step. Raising the epoch and pausing come at the next start, as
 * events of their own (see engine/finish-restore.ts), so that a restore by itself gives back exactly what was.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import { projectStream } from '../../../domain/event/envelope.ts'
import type { EventLog, Fold } from '../../../engine/ports.ts'
import type { Doubt, RestoredStream, RestoreReport } from '../../../../schemas/restore-report.ts'
import { EMPTY_LEDGER, originOf, readLedger, type ReadLedger } from '../ledger/read-ledger.ts'
import type { RecordMark } from '../ledger/marks-page.ts'
import type { LedgerIssue, LedgerIssues, ReplicaReader, RepositoryPlace } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { verifyRecord, type VerifiedRecord } from '../record/verify-record.ts'
import { doubt } from './doubts.ts'
import { importRecord, type ImportTools } from './import-record.ts'
import { withOwnVersions, type OwnComment } from './own-versions.ts'

export interface RestoreOptions {
  readonly reader: ReplicaReader
  readonly issues: Pick<LedgerIssues, 'find'>
  readonly log: EventLog
  readonly fold: Fold
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
  /**
   * `all`: every record in the repository. `behind`: only those that the ledger says the log is behind of, at the start of
   * an App whose data may be an older backup.
   */
  readonly scope: 'all' | 'behind'
  /** Gets the marks that the ledger holds: what was seen once is not written below. */
  readonly onMarks?: (marks: readonly RecordMark[]) => void
}

/** Records written while the ledger was being written are looked for among comments this much older than it. */
const LEDGER_LAG_MS: Millis = 3_600_000

export const restoreProject = async (repository: RepositoryPlace, options: RestoreOptions): Promise<RestoreReport> => {
  const { log, fold } = options
  const project = projectStream(repository.id)
  const { ledger, issue, doubts } = await findLedger(repository, options)
  options.onMarks?.([...ledger.marks.values()])
  const known = (await log.load(project)).state
  const epoch = known === null ? 0 : (JSON.parse(known) as { readonly epoch: number }).epoch
  const findPart = (digest: string): string | undefined => ledger.parts.get(digest)
  const tools: ImportTools = { log, fold, findPart, epoch }

  const streams: RestoredStream[] = []
  const take = async (record: VerifiedRecord, number: number, mark: RecordMark | null): Promise<void> => {
    const result = await importRecord(record, number, mark, tools)
    if (result.restored !== null) streams.push(result.restored)
    doubts.push(...result.doubts)
  }

  if (ledger.project !== null && issue !== null) await take(ledger.project.record, issue.number, null)
  else if (known === null)
    doubts.push(
      doubt('project', { stream: project, issue: null }, 'no-project-page', 'no page of the project can be believed'),
    )
  const records = await findRecords(ledger, options, doubts)
  for (const { record, number } of records) await take(record, number, ledger.marks.get(record.stream) ?? null)

  return {
    repository: repository.name,
    project,
    streams,
    doubts,
    epoch: Math.max(epoch, ledger.project?.record.epoch ?? 0, ...records.map(({ record }) => record.epoch)),
    reopen: known !== null || ledger.project !== null ? null : reopening(repository, records),
  }
}

const findLedger = async (
  repository: RepositoryPlace,
  { issues, reader, keys, trustedApps }: RestoreOptions,
): Promise<{ readonly ledger: ReadLedger; readonly issue: LedgerIssue | null; readonly doubts: Doubt[] }> => {
  const project = projectStream(repository.id)
  const found = await issues.find(repository)
  const issue = found[0] ?? null
  if (issue === null) {
    const detail = 'no ledger issue was found; every comment of the repository is looked at instead'
    return {
      ledger: EMPTY_LEDGER,
      issue,
      doubts: [doubt('ledger', { stream: project, issue: null }, 'no-ledger', detail)],
    }
  }
  const comments = await withOwnVersions(reader, await reader.commentsOf(issue), trustedApps)
  const ledger = readLedger(comments, { keys, trustedApps })
  const doubts = ledger.notBelieved.map(({ verdict }) =>
    doubt('ledger', { stream: project, issue: issue.number }, verdict.problem, verdict.detail),
  )
  return { ledger, issue, doubts }
}

interface FoundRecord {
  readonly record: VerifiedRecord
  readonly number: number
}

/** One believed record per stream, the newest; and a doubt for every mark that none could be found for. */
const findRecords = async (
  ledger: ReadLedger,
  options: RestoreOptions,
  doubts: Doubt[],
): Promise<readonly FoundRecord[]> => {
  const { reader, trustedApps, keys } = options
  const marks = options.scope === 'all' ? [...ledger.marks.values()] : await behind(ledger, options.log)
  const marked = await reader.comments(marks.map(({ comment }) => comment.nodeId))
  const others = options.scope === 'all' ? await reader.recordsSince(sinceOf(ledger)) : []
  const seen = new Set<string>()
  const comments = [...marked, ...others].filter((comment) => {
    if (comment === null || seen.has(comment.nodeId)) return false
    seen.add(comment.nodeId)
    return true
  })
  const best = new Map<string, FoundRecord>()
  const disbelieved = new Map<number, Doubt>()
  for (const comment of await withOwnVersions(
    reader,
    comments.filter((comment) => comment !== null),
    trustedApps,
  )) {
    const read = believe(comment, { keys, trustedApps }, ledger)
    const number = comment.issue.number
    if (!read.ok)
      disbelieved.set(number, doubt('record', { stream: read.stream, issue: number }, read.problem, read.detail))
    else if ((best.get(read.record.stream)?.record.rev ?? 0) < read.record.rev) {
      best.set(read.record.stream, { record: read.record, number })
    }
  }
  doubts.push(...disbelieved.values(), ...unfound(marks, best, disbelieved))
  return [...best.values()].toSorted((a, b) => a.number - b.number)
}

const believe = (
  comment: OwnComment,
  options: { readonly keys: RecordKeys; readonly trustedApps: readonly number[] },
  ledger: ReadLedger,
) => {
  const { appId, editedByOther, issue, body } = comment
  const verdict = verifyRecord(body, { ...options, place: originOf(issue), writer: { appId, editedByOther } })
  if (!verdict.ok) return { ...verdict, stream: null }
  const { stream } = verdict.record
  // The mark of that very stream, which is only known once the record has said whose it is.
  const mark = ledger.marks.get(stream) ?? null
  const again = verifyRecord(body, { ...options, place: originOf(issue), mark })
  return again.ok ? again : { ...again, stream }
}

const behind = async (ledger: ReadLedger, log: EventLog): Promise<readonly RecordMark[]> => {
  const marks: RecordMark[] = []
  for (const mark of ledger.marks.values()) {
    const { version, head } = await log.load(mark.stream)
    if (version < mark.rev || (version === mark.rev && head !== mark.head)) marks.push(mark)
  }
  return marks
}

/** A page that was read from its edit history, or has no readable time, says nothing about when it was written: then everything is looked at. */
const sinceOf = (ledger: ReadLedger): Millis | null => {
  const pages = [...ledger.projects, ...ledger.pages].map(({ comment }) => comment)
  if (pages.length === 0 || ledger.notBelieved.length > 0 || pages.some(({ recovered }) => recovered)) return null
  const newest = Math.max(...pages.map(({ updatedAt }) => updatedAt))
  return Number.isFinite(newest) ? newest - LEDGER_LAG_MS : null
}

const unfound = (
  marks: readonly RecordMark[],
  best: ReadonlyMap<string, FoundRecord>,
  disbelieved: ReadonlyMap<number, Doubt>,
): readonly Doubt[] =>
  marks
    .filter(({ stream, number }) => !best.has(stream) && !disbelieved.has(number))
    .map(({ stream, number, rev }) =>
      doubt(
        'record',
        { stream, issue: number },
        'missing',
        `its record comment, last seen at revision ${rev}, is gone`,
      ),
    )

const reopening = (repository: RepositoryPlace, records: readonly FoundRecord[]): RestoreReport['reopen'] => {
  const keys = records.map(({ record }) => (record.snapshot as { readonly key?: unknown }).key)
  const prefix = keys.map((key) => /^([A-Z0-9]{1,8})-\d+$/.exec(String(key))?.[1]).find((found) => found !== undefined)
  if (prefix === undefined) return null
  return { repositoryId: repository.id, repositoryNodeId: repository.nodeId, repository: repository.name, prefix }
}

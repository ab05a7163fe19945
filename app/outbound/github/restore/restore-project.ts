/**
 * Brings a project back from what GitHub holds: into an empty log all of it, into an older one what it missed. Reads only; what
 * cannot be believed is listed with its reason and a next step. Raising the epoch and pausing come at the next start, as
 * events of their own (see engine/finish-restore.ts), so that a restore by itself gives back exactly what was.
 */
import { projectStream } from '../../../domain/event/envelope.ts'
import type { EventLog, Fold } from '../../../engine/ports.ts'
import type { Doubt, RestoredStream, RestoreReport } from '../../../../schemas/restore-report.ts'
import type { RecordMark } from '../ledger/marks-page.ts'
import { readHistory } from '../chapters/read-history.ts'
import type { IssuePlace, LedgerIssues, ReplicaReader, RepositoryPlace } from '../ports.ts'
import type { Origin } from '../record/encode-record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import type { VerifiedRecord } from '../record/verify-record.ts'
import { doubt } from './doubts.ts'
import { findLedger } from './find-ledger.ts'
import { findRecords, type FoundRecord } from './find-records.ts'
import { importRecord, type ImportTools } from './import-record.ts'

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
  /** Whether GitHub redirects whoever asks for the issue at that origin to this one. */
  readonly redirectsTo: (origin: Origin, issue: IssuePlace) => Promise<boolean>
  /** Gets the marks that the ledger holds: what was seen once is not written below. */
  readonly onMarks?: (marks: readonly RecordMark[]) => void
}

export const restoreProject = async (repository: RepositoryPlace, options: RestoreOptions): Promise<RestoreReport> => {
  const { log, fold } = options
  const project = projectStream(repository.id)
  const { ledger, issue, ...found } = await findLedger(repository, options)
  const doubts: Doubt[] = [...found.doubts]
  options.onMarks?.([...ledger.marks.values()])
  const known = (await log.load(project)).state
  const epoch = known === null ? 0 : (JSON.parse(known) as { readonly epoch: number }).epoch
  const findPart = (digest: string): string | undefined => ledger.parts.get(digest)
  const tools: ImportTools = { log, fold, findPart, epoch }

  const streams: RestoredStream[] = []
  const take = async (
    record: VerifiedRecord,
    number: number,
    mark: RecordMark | null,
    place: IssuePlace | null = null,
  ): Promise<void> => {
    const read = (after: number) => readHistory(record, place, after, options)
    const result = await importRecord(record, number, mark, { ...tools, readHistory: read })
    if (result.restored !== null) streams.push(result.restored)
    doubts.push(...result.doubts)
  }

  if (ledger.project !== null && issue !== null) await take(ledger.project.record, issue, null)
  else if (known === null)
    doubts.push(
      doubt('project', { stream: project, issue: null }, 'no-project-page', 'no page of the project can be believed'),
    )
  const { records, ...seen } = await findRecords(ledger, options)
  doubts.push(...seen.doubts)
  for (const { record, number, issue: place } of records) {
    await take(record, number, ledger.marks.get(record.stream) ?? null, place)
  }

  return {
    repository: repository.name,
    project,
    streams,
    doubts,
    notes: [...found.notes, ...seen.notes],
    epoch: Math.max(epoch, ledger.project?.record.epoch ?? 0, ...records.map(({ record }) => record.epoch)),
    reopen: known !== null || ledger.project !== null ? null : reopening(repository, records),
  }
}

const reopening = (repository: RepositoryPlace, records: readonly FoundRecord[]): RestoreReport['reopen'] => {
  const keys = records.map(({ record }) => (record.snapshot as { readonly key?: unknown }).key)
  const prefix = keys.map((key) => /^([A-Z0-9]{1,8})-\d+$/.exec(String(key))?.[1]).find((found) => found !== undefined)
  if (prefix === undefined) return null
  return { repositoryId: repository.id, repositoryNodeId: repository.nodeId, repository: repository.name, prefix }
}

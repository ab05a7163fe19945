/** One task's issue and check runs beside its state: what differs, in words. Reads GitHub, writes nothing. */
import type { Task } from '../../../domain/task/state.ts'
import type { EventLog } from '../../../engine/ports.ts'
import type { AuditDifference } from '../../../../schemas/audit-report.ts'
import type { CheckRun } from '../checks/check-run.ts'
import { checkKey } from '../checks/check-run.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { RecordMark } from '../ledger/marks-page.ts'
import { originOf } from '../ledger/read-ledger.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { verifyRecord, type VerifiedRecord } from '../record/verify-record.ts'
import type { ReplicaBase } from '../replica/base.ts'
import { desired } from '../replica/desired.ts'
import { observe } from '../replica/observe.ts'
import type { Observed } from '../replica/observed.ts'
import { compareHeads } from '../restore/compare-heads.ts'

export interface AuditTaskInput {
  readonly client: InstallationClient
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
  readonly appId: number
  readonly keys: RecordKeys
  readonly log: EventLog
  readonly epoch: number
  readonly mark: RecordMark | null
  /** What was last written; null: not known. */
  readonly base: ReplicaBase | null
}

export interface AuditedTask {
  readonly differences: readonly AuditDifference[]
  readonly hasRecord: boolean
  readonly checks: number
}

type Difference = Omit<AuditDifference, 'stream' | 'issue'>

const differs = (what: Difference['what'], problem: string, detail: string): readonly Difference[] => [
  { what, problem, detail },
]

export const auditTask = async (task: Task, input: AuditTaskInput): Promise<AuditedTask> => {
  const { client, repository } = input
  const { observed } = await observe({ client, repository, number: task.number, recordNodeId: null, labelNames: [] })
  const want = desired(task, { body: '', rev: 0 })
  const found: readonly Difference[] = [
    ...(await recordDifferences(task, observed, input)),
    ...labelDifferences(
      observed.labels,
      want.labels.map(({ name }) => name.toLowerCase()),
    ),
    ...(observed.title.slice(0, task.title.length) === task.title
      ? []
      : differs('title', 'title-differs', 'the issue is called otherwise than its task')),
    ...(want.closeFor !== null && observed.open && input.base?.closedFor !== want.closeFor
      ? differs('state', 'not-closed', 'the task is done and its issue was not closed for it')
      : []),
    ...(await checkDifferences(want.checks, input)),
  ]
  const { stream, number: issue } = task
  return {
    differences: found.map(({ what, problem, detail }) => ({ stream, issue, what, problem, detail })),
    hasRecord: observed.record !== null,
    checks: want.checks.length,
  }
}

const labelDifferences = (worn: readonly string[], wanted: readonly string[]): readonly Difference[] => [
  ...wanted
    .filter((name) => !worn.includes(name))
    .flatMap((name) => differs('label', 'label-missing', `${name} is not worn`)),
  ...worn
    .filter((name) => !wanted.includes(name))
    .flatMap((name) => differs('label', 'label-extra', `${name} is worn and should not be`)),
]

const recordDifferences = async (
  task: Task,
  { record, doubles, issue }: Observed,
  { keys, appId, log, epoch, mark }: AuditTaskInput,
): Promise<readonly Difference[]> => {
  const { version, head } = await log.load(task.stream)
  const events = await log.read(task.stream)
  const own = { version, head, events, epoch }
  const double = doubles.flatMap(({ id }) => differs('record', 'record-double', `comment ${id} is one too many`))
  if (record === null) {
    return [...differs('record', 'record-missing', 'the issue has no record comment'), ...markDifferences(null, mark)]
  }
  const writer = { appId: record.ours ? appId : null, editedByOther: record.editor !== null && !record.editedByUs }
  const verdict = verifyRecord(record.body, { keys, place: originOf(issue), trustedApps: [appId], writer })
  if (!verdict.ok) return [...differs('record', verdict.problem, verdict.detail), ...double]
  if (verdict.record.stream !== task.stream) {
    return [...differs('record', 'other-task', `it is the record of ${verdict.record.stream}`), ...double]
  }
  const who = compareHeads(own, verdict.record, mark)
  const told =
    who.verdict === 'same'
      ? []
      : who.verdict === 'forked'
        ? differs('record', 'forked', who.reason)
        : who.verdict === 'newer-epoch'
          ? differs('record', 'newer-epoch', `it was written in epoch ${who.epoch}, and this log knows ${epoch}`)
          : differs('record', 'record-differs', `it stands at ${verdict.record.rev}, the log at ${version}`)
  return [...told, ...double, ...markDifferences(verdict.record, mark)]
}

const markDifferences = (record: VerifiedRecord | null, mark: RecordMark | null): readonly Difference[] => {
  if (record === null) {
    return mark === null ? [] : differs('mark', 'mark-of-nothing', `the ledger has seen revision ${mark.rev}`)
  }
  if (mark === null) return differs('mark', 'mark-missing', 'the ledger has no mark of the record')
  if (mark.rev === record.rev && mark.head === record.head) return []
  return differs('mark', 'mark-differs', `the ledger marks revision ${mark.rev}, the record stands at ${record.rev}`)
}

const checkDifferences = async (
  wanted: readonly CheckRun[],
  { client, repository, appId, base }: AuditTaskInput,
): Promise<readonly Difference[]> => {
  const found: Difference[] = []
  for (const [sha, checks] of Map.groupBy(wanted, ({ headSha }) => headSha)) {
    const runs = await runsOn(client, repository, appId, sha)
    for (const check of checks) {
      const ours = runs.filter((run) => run.external_id === check.externalId)
      const [run, ...twice] = ours
      const at = `${check.name} on ${sha.slice(0, 7)}`
      if (run === undefined) {
        // Commits that GitHub does not have can carry none.
        const isRefused = base?.refused?.[checkKey(check)] !== undefined
        if (!isRefused) found.push(...differs('check', 'check-missing', at))
        continue
      }
      // An extra one that was retired says so, and is no second verdict.
      const live = twice.filter(({ conclusion }) => conclusion !== 'neutral')
      if (live.length > 0) found.push(...differs('check', 'check-double', `${at} is there ${1 + live.length} times`))
      const { progress } = check
      const conclusion = progress.status === 'completed' ? progress.conclusion : null
      if (run.status !== progress.status || (run.conclusion ?? null) !== conclusion) {
        const is = `${run.status}${run.conclusion === null ? '' : ` ${run.conclusion}`}`
        const should = `${progress.status}${conclusion === null ? '' : ` ${conclusion}`}`
        found.push(...differs('check', 'check-differs', `${at} is ${is} and should be ${should}`))
      }
    }
  }
  return found
}

const runsOn = async (
  client: InstallationClient,
  { owner, name }: AuditTaskInput['repository'],
  appId: number,
  ref: string,
) => {
  try {
    const asked = { owner, repo: name, ref, app_id: appId, filter: 'all', per_page: 100 } as const
    const { data } = await client.rest.checks.listForRef(asked)
    return data.check_runs
      .map(({ external_id, status, conclusion, id }) => ({ external_id, status, conclusion, id }))
      .toSorted((a, b) => a.id - b.id)
  } catch (error) {
    if (isGitHubFault(error, 'invalid') || isGitHubFault(error, 'not-found')) return []
    throw error
  }
}

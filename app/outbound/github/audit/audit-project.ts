/**
 * Holds all that a project has on GitHub against the log and the rules: the ledger, its marks, and every task's record, labels,
 * state and check runs. Changes nothing, neither there nor here; what it could not read it says.
 */
import type { Project } from '../../../domain/project/project.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { Documents, EventLog, Projections } from '../../../engine/ports.ts'
import type { AuditDifference, AuditReport } from '../../../../schemas/audit-report.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import { compareProject } from '../ledger/compare-project.ts'
import { readLedger, type ReadLedger } from '../ledger/read-ledger.ts'
import type { HeldComment, LedgerIssues, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { createReplicaBases } from '../replica/base.ts'
import { ElsewhereFault } from '../replica/observe.ts'
import type { OwnComment } from '../restore/own-versions.ts'
import { auditTask } from './audit-task.ts'

export interface AuditOptions {
  readonly client: InstallationClient
  readonly reader: Pick<ReplicaReader, 'commentsOf'>
  readonly issues: Pick<LedgerIssues, 'find'>
  readonly log: EventLog
  readonly projections: Pick<Projections, 'tasks'>
  readonly documents: Documents
  readonly keys: RecordKeys
  readonly appId: number
}

export const auditProject = async (project: Project, options: AuditOptions): Promise<AuditReport> => {
  const { log, projections, documents, client, keys, appId } = options
  const [owner = '', name = ''] = project.repository.split('/')
  const { ledger, differences } = await auditLedger(project, options)
  const tasks = (await projections.tasks(project.stream)).filter(({ away }) => away === undefined)
  const bases = new Map((await createReplicaBases(documents).list()).map(({ stream, base }) => [stream, base]))
  const found: AuditDifference[] = [...differences, ...strayMarks(ledger, tasks)]
  const unread: { readonly stream: Task['stream']; readonly detail: string }[] = []
  let [records, checks] = [0, 0]
  for (const task of tasks) {
    try {
      const audited = await auditTask(task, {
        client,
        repository: { id: project.repositoryId, owner, name },
        appId,
        keys,
        log,
        epoch: project.epoch,
        mark: ledger.marks.get(task.stream) ?? null,
        base: bases.get(task.stream) ?? null,
      })
      found.push(...audited.differences)
      records += audited.hasRecord ? 1 : 0
      checks += audited.checks
    } catch (error) {
      if (error instanceof ElsewhereFault || isGitHubFault(error, 'not-found')) {
        const detail = 'the issue is not where the log has it: deleted or transferred'
        found.push({ stream: task.stream, issue: task.number, what: 'state', problem: 'issue-elsewhere', detail })
      } else if (isGitHubFault(error)) unread.push({ stream: task.stream, detail: error.message })
      else throw error
    }
  }
  return {
    repository: project.repository,
    project: project.stream,
    tasks: tasks.length,
    records,
    marks: ledger.marks.size,
    checks,
    differences: found,
    unread,
  }
}

const auditLedger = async (
  project: Project,
  { reader, issues, log, keys, appId }: AuditOptions,
): Promise<{ readonly ledger: ReadLedger; readonly differences: readonly AuditDifference[] }> => {
  const { stream } = project
  const place = { id: project.repositoryId, name: project.repository }
  const [issue, ...doubles] = await issues.find(place, project.ledgerIssue)
  const trustedApps = [appId]
  const comments = issue === undefined ? [] : await reader.commentsOf(issue)
  const ledger = readLedger(comments.map(asItStands), { keys, trustedApps })
  const at = { stream, issue: issue?.number ?? null, what: 'ledger' } as const
  if (issue === undefined) {
    const detail = 'there is no ledger issue'
    return { ledger, differences: [{ ...at, problem: 'ledger-missing', detail }] }
  }
  const { version, head } = await log.load(stream)
  const { who } = compareProject({ version, head, events: await log.read(stream), project }, ledger)
  const differences: AuditDifference[] = ledger.notBelieved.map(({ comment, verdict }) => ({
    ...at,
    problem: verdict.problem,
    detail: `comment ${comment.id}: ${verdict.detail}`,
  }))
  if (who.verdict !== 'same') {
    const rev = ledger.project?.record.rev ?? 0
    const detail = who.verdict === 'forked' ? who.reason : `the project's page stands at ${rev}, the log at ${version}`
    differences.push({ ...at, problem: who.verdict === 'write' ? 'ledger-behind' : who.verdict, detail })
  }
  for (const double of doubles.filter(({ open }) => open)) {
    differences.push({ ...at, issue: double.number, problem: 'ledger-double', detail: 'a second ledger issue is open' })
  }
  const wrong = [
    ...(issue.open ? [] : ['closed']),
    ...(issue.locked ? [] : ['not locked']),
    ...(issue.marked ? [] : ['without our text']),
  ]
  if (wrong.length > 0) {
    differences.push({ ...at, problem: 'ledger-issue', detail: `the ledger issue is ${wrong.join(', ')}` })
  }
  return { ledger, differences }
}

const asItStands = (comment: HeldComment): OwnComment => ({ ...comment, recovered: false })

const strayMarks = ({ marks }: ReadLedger, tasks: readonly Task[]): readonly AuditDifference[] => {
  const known = new Set(tasks.map(({ stream }) => stream))
  return [...marks.values()]
    .filter(({ stream }) => !known.has(stream))
    .map(({ stream, number, rev }) => ({
      stream,
      issue: number,
      what: 'mark',
      problem: 'mark-of-unknown',
      detail: `the ledger marks revision ${rev} of a task that this log does not have here`,
    }))
}

/**
 * Reads what a finished workflow run says of an attempt. The run is verified by asking GitHub for it; its report is
 * bounded, parsed, believed as far as its job can be, and becomes a command. Whatever does not fit is refused with a reason.
 */
import type { Actor } from '../../domain/actor.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import { keyInBranch } from '../../domain/task/branch.ts'
import type { Project } from '../../domain/project/project.ts'
import type { TaskCommand } from '../../domain/task/commands.ts'
import type { Task } from '../../domain/task/state.ts'
import type { EffectPayload } from '../../engine/effects.ts'
import type { Clock, Documents, EventLog, Projections } from '../../engine/ports.ts'
import type { Report } from '../../../schemas/report.ts'
import { REPORT_ARTIFACT_PREFIX } from '../../../schemas/report-limits.ts'
import type { GitHub } from './client.ts'
import { isGitHubFault } from './client/fault.ts'
import type { GitHubLog } from './client/limits.ts'
import { readBaseChanges, readPullsOfBranch } from './facts/pull-bases.ts'
import {
  listRunArtifacts,
  readBranchHead,
  readJobTimes,
  readRun,
  type RunArtifact,
  type RunFacts,
  type RunPlace,
} from './facts/run-facts.ts'
import { decideTrust, type JobTimes } from './reports/decide-trust.ts'
import { matchAttempt } from './reports/match-attempt.ts'
import { openReports, type OpenedReport } from './reports/open-reports.ts'
import { createPatience } from './reports/patience.ts'
import { reportCommand, reportSource } from './reports/report-command.ts'
import { findConcern, type BaseReader } from './reports/run-concern.ts'
import { createWorkflowSources } from './reports/workflow-sources.ts'

/** What makes the command of a report the same one however often it is read. */
export interface ReportIdentity {
  readonly repositoryId: number
  readonly runId: number
  readonly runAttempt: number
  /** Workflow and job, see `reportSource`; or what was refused. */
  readonly source: string
  readonly task: StreamId
  readonly attempt: number
}

export interface ReadRunOptions {
  readonly github: GitHub
  readonly apiUrl: string
  readonly projections: Pick<
    Projections,
    'project' | 'projectByRepository' | 'taskByKey' | 'tasksByFormerKey' | 'taskAt'
  >
  readonly log: Pick<EventLog, 'read'>
  readonly notes: GitHubLog
  readonly documents: Documents
  readonly clock: Clock
  /** Carries the command out under the identity of its report. */
  readonly report: (identity: ReportIdentity, command: TaskCommand, actor: Actor) => Promise<void>
}

type Payload = EffectPayload['read-run']

interface Reading {
  readonly run: RunFacts
  readonly opened: readonly OpenedReport[]
  readonly size: number
}

/** Readings kept between tries, and how many characters of reports each may have. */
const MAX_HELD = 20
const MAX_HELD_CHARS = 2 * 1024 * 1024

/** What is read for a run at most once, however many reports it has. */
interface RunReads {
  readonly jobs: () => Promise<readonly JobTimes[]>
  readonly movedOn: () => Promise<boolean>
  readonly bases: BaseReader
}

/** A report that was refused, as far as it is known. */
interface Refused {
  readonly why: string
  readonly task: Task | null
}

export const createReadRun = (options: ReadRunOptions): ((payload: Payload) => Promise<void>) => {
  const { github, apiUrl, projections, log, notes } = options
  const workflowSources = createWorkflowSources(options.clock)
  const held = new Map<string, Reading>()
  const patience = createPatience(options.documents, options.clock)

  const believeOne = async (
    place: RunPlace,
    project: Project,
    run: RunFacts,
    opened: OpenedReport,
    claims: number,
    reads: RunReads,
  ): Promise<Refused | null> => {
    const { report, artifact, files } = opened
    const task = await taskOf(project, report, run)
    if (task === null) return { why: 'it names no task of this project', task }
    const foreign = disagreement(report, run, project)
    if (foreign !== null) return { why: foreign, task }
    const match = matchAttempt(task, await log.read(task.stream), run, report.task.attempt)
    if (!match.found) return { why: match.why, task }
    // A branch says nothing of a task whose issue was transferred away: only the run that took its lease does.
    if (!match.leased && hasLeft(task, project))
      return { why: `the issue of ${task.key} was transferred to another repository`, task }
    const { attempt, onBranch, leased } = match
    const { job } = report.run
    const upload = { job, uploadedAt: artifact.createdAt, claims }
    const { texts, defaultBranch } = await workflowSources(place, run)
    const byFile = await decideTrust(texts, upload, reads.jobs)
    if (!byFile.believed) return { why: byFile.why, task }
    const concern = byFile.trust === 'ci' ? await findConcern(run, { onBranch, defaultBranch }, reads.bases) : null
    const trust = concern === null ? byFile.trust : 'self'
    const unreviewed = concern !== null || byFile.unreviewed
    if (concern !== null) notes.warn("a report is not CI's word", { run: run.id, task: task.key, why: concern })
    const left = onBranch && attempt.headSha !== run.headSha && (await reads.movedOn())
    const elsewhere = onBranch && trust !== 'self' && testedElsewhere(report, run)
    const stale = left || elsewhere
    // Who took the lease may end its attempt from wherever it began; others only by reviewed workflows on its newest commit.
    const decides = leased || !(stale || unreviewed)
    const source = reportSource(report, run, artifact.name)
    const artifactUrl = `${run.url}/artifacts/${artifact.id}`
    const context = {
      trust,
      attempt,
      source,
      onBranch,
      stale,
      left: left && !elsewhere,
      decides,
      run,
      artifactUrl,
      files,
    }
    await options.report(
      identityOf(project, run, source, task, attempt.n),
      reportCommand(report, context),
      actorOf(run),
    )
    return null
  }

  /** A commit that is not the attempt's known head is either newer, its push never heard of, or was left behind. */
  const hasMovedOn = async (place: RunPlace, { headBranch, headSha }: RunFacts): Promise<boolean> =>
    headBranch === null || (await readBranchHead(place, headBranch)) !== headSha

  const readPulls = async (place: RunPlace, run: RunFacts, branch: string): ReturnType<typeof readPullsOfBranch> => {
    const key = `pulls:${run.id}:${run.attempt}`
    const pulls = await readPullsOfBranch(place, branch)
    await (pulls?.length === 0 ? patience.wait(key, 'pull requests of a branch') : patience.done(key))
    return pulls
  }

  const readsOf = (place: RunPlace, run: RunFacts): RunReads => ({
    jobs: once(() => settledJobs(place, run)),
    movedOn: once(() => hasMovedOn(place, run)),
    bases: {
      pulls: once((branch: string) => readPulls(place, run, branch)),
      changes: once((pull: number) => readBaseChanges(place, pull)),
    },
  })

  /** The run is over, so a job that is not shows that the list is old. */
  const settledJobs = async (place: RunPlace, run: RunFacts): Promise<readonly JobTimes[]> => {
    const key = `jobs:${run.id}:${run.attempt}`
    const jobs = await readJobTimes(place, run.id, run.attempt)
    const old = jobs.length === 0 || jobs.some(({ completedAt }) => completedAt === null)
    await (old ? patience.wait(key, 'jobs of a run') : patience.done(key))
    return jobs
  }

  /** The branch says which task; only without one does the report's word count, and then the lease has to bear it out. */
  const taskOf = async (project: Project, report: Report, run: RunFacts): Promise<Task | null> => {
    const key = keyInBranch(run.headBranch ?? '') ?? report.task.key
    if (key !== null) {
      const [former] = await projections.tasksByFormerKey(project.stream, key)
      return (await projections.taskByKey(project.stream, key)) ?? former ?? null
    }
    const { number } = report.task
    return number === null ? null : ((await projections.taskAt(project.stream, number))?.task ?? null)
  }

  const refuse = async (
    { why, task }: Refused,
    project: Project,
    run: RunFacts,
    artifact: RunArtifact,
  ): Promise<void> => {
    const { repository } = project
    notes.warn('a report was refused', { repository, run: run.id, artifact: artifact.id, task: task?.key ?? null, why })
    if (task === null) return
    const command = { type: 'report-tampering', what: 'report-refused', by: actorOf(run), detail: why } as const
    await options.report(identityOf(project, run, `refused ${artifact.id}`, task, 0), command, actorOf(run))
  }

  /** The task is the branch's: nothing of the run was read that could say another. */
  const refuseRun = async (why: string, project: Project, run: RunFacts): Promise<void> => {
    notes.warn('the reports of a run were refused', { repository: project.repository, run: run.id, why })
    const key = keyInBranch(run.headBranch ?? '')
    const task = key === null ? null : await projections.taskByKey(project.stream, key)
    if (task === null) return
    const command = { type: 'report-tampering', what: 'report-refused', by: actorOf(run), detail: why } as const
    await options.report(identityOf(project, run, 'refused', task, 0), command, actorOf(run))
  }

  const later = async (key: string, what: string): Promise<null> => {
    await patience.wait(key, what)
    return null
  }

  /** The run and its reports; null when there is nothing to read. */
  const readAll = async (
    place: RunPlace,
    project: Project,
    runId: number,
    runAttempt: number,
  ): Promise<Reading | null> => {
    const { repository } = project
    const listed = await orNull(listRunArtifacts(place, runId))
    const key = `artifacts:${runId}:${runAttempt}`
    if (listed === null) return later(key, 'artifacts of a run')
    const reports = listed.artifacts.filter(({ name }) => name.startsWith(REPORT_ARTIFACT_PREFIX))
    // Behind more artifacts than are read there may be one.
    if (listed.complete && reports.length === 0) return later(key, 'artifacts of a run')
    // A fork's run could name any task: it is not even read.
    const own = reports.filter((one) => one.runId === runId && one.headRepositoryId === project.repositoryId)
    if (own.length < reports.length) notes.warn('reports of a fork were refused', { repository, run: runId })
    if (listed.complete && own.length === 0) return null
    const run = await orNull(readRun(place, runId, runAttempt))
    if (run?.status !== 'completed') return later(key, 'a run that is over')
    await patience.done(key)
    if (run.headRepositoryId !== project.repositoryId) {
      notes.warn('a run was refused: its commit is of another repository', { repository, run: runId })
      return null
    }
    const found = listed.complete ? await openReports(place, run, own, { apiUrl, requests: github.requests }) : null
    if (found === null) {
      await refuseRun('it has more artifacts or reports than are read: upload fewer', project, run)
      return null
    }
    for (const { artifact, why } of found.refused) await refuse({ why, task: null }, project, run, artifact)
    const ofAttempt = `reports:${runId}:${runAttempt}`
    if (found.opened.length === 0 && found.others > 0) return later(ofAttempt, 'artifacts of a run')
    await patience.done(ofAttempt)
    return { run, opened: found.opened, size: found.size }
  }

  return async ({ repository, repositoryId, installationId, runId, runAttempt }) => {
    const project =
      repositoryId === undefined
        ? await projections.projectByRepository(repository)
        : await projections.project(`project/${repositoryId}`)
    if (project === null) return
    const [owner = '', repo = ''] = repository.split('/')
    const place: RunPlace = { client: github.installation(installationId, 'result'), owner, repo }
    // A list that was too old sends us here again: what is read of a run that is over does not change.
    const key = `${project.repositoryId}:${runId}:${runAttempt}`
    const reading = held.get(key) ?? (await readAll(place, project, runId, runAttempt))
    if (reading === null) return
    if (held.size >= MAX_HELD) held.clear()
    if (reading.size <= MAX_HELD_CHARS) held.set(key, reading)
    const { run, opened } = reading
    const reads = readsOf(place, run)
    for (const one of opened) {
      const claims = opened.filter((other) => other.report.run.job === one.report.run.job).length
      const refused = await believeOne(place, project, run, one, claims, reads)
      if (refused !== null) await refuse(refused, project, run, one.artifact)
    }
    held.delete(key)
  }
}

/** Asks once for each argument. */
const once = <In extends string | number | void, Out>(
  ask: (about: In) => Promise<Out>,
): ((about: In) => Promise<Out>) => {
  const asked = new Map<In, Promise<Out>>()
  return (about) => {
    const answer = asked.get(about) ?? ask(about)
    asked.set(about, answer)
    return answer
  }
}

const hasLeft = ({ project, formerly = [] }: Task, { stream }: Project): boolean =>
  project !== stream && formerly.some((spot) => spot.project === stream)

const actorOf = (run: RunFacts): Actor => ({ kind: 'ci', id: String(run.id) })

const identityOf = (project: Project, run: RunFacts, source: string, task: Task, attempt: number): ReportIdentity => ({
  repositoryId: project.repositoryId,
  runId: run.id,
  runAttempt: run.attempt,
  source,
  task: task.stream,
  attempt,
})

/** Where a report and the run that uploaded it do not say the same, or null. */
const disagreement = ({ run: said }: Report, run: RunFacts, project: Project): string | null => {
  if (said.id !== run.id) return `it is about run ${said.id} and was uploaded by run ${run.id}`
  if (said.repositoryId !== null && said.repositoryId !== project.repositoryId) return 'it is about another repository'
  return run.repositoryId === project.repositoryId ? null : 'its run belongs to another repository'
}

/** A dispatch may be told to look at another commit than the one that it runs on. */
const testedElsewhere = ({ run: { headSha } }: Report, run: RunFacts): boolean =>
  run.event === 'workflow_dispatch' && headSha !== null && headSha !== run.headSha

const orNull = async <T>(request: Promise<T>): Promise<T | null> => {
  try {
    return await request
  } catch (error) {
    if (isGitHubFault(error, 'not-found')) return null
    throw error
  }
}

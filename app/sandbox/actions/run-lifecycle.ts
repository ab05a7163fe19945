/**
 * What happens to a workflow run: created with its jobs, jobs start and end, the run ends with them; cancelled; run
 * again. Each step tells the world by webhooks and keeps the jobs' check runs. What a job does is not decided here.
 */
import { createCheckRun, updateCheckRun } from '../changes/check-runs.ts'
import { createSuite } from '../changes/check-suites.ts'
import type { Doer } from '../changes/doer.ts'
import type { Repository } from '../model/repository.ts'
import {
  artifactsOf,
  backendIdOf,
  type JobStep,
  jobsOf,
  type RunConclusion,
  runsOf,
  type Workflow,
  type WorkflowJob,
  type WorkflowRun,
  workflowsOf,
} from '../model/workflow.ts'
import { jobHtml } from '../render/workflow.ts'
import type { World } from '../world.ts'
import { emitJob, emitRun } from './emit-run.ts'
import { type JobDefinition, readWorkflowFile } from './workflow-file.ts'

/** GitHub's own App, which runs Actions and owns the jobs' check runs. */
export const ACTIONS_SLUG = 'github-actions'

export function actionsAppId(world: World): number {
  const app = world.state.apps.find((one) => one.slug === ACTIONS_SLUG)
  if (!app) throw new Error('the seed has no github-actions App')
  return app.id
}

/** Runs and jobs move by GitHub's own hand; their events show whoever triggered the run as sender. */
const platform = (world: World, run: WorkflowRun): Doer => ({
  world,
  caller: { kind: 'user', userId: run.triggeringActorId, agent: false },
})

export interface NewRun {
  readonly repository: Repository
  readonly workflow: Workflow
  readonly source: string
  readonly event: string
  readonly ref: string
  readonly headBranch: string
  readonly headSha: string
  readonly checkoutSha: string
  readonly headRepositoryId: number
  readonly title: string
  readonly actorId: number
  readonly pullIds: readonly number[]
  readonly payload: Readonly<Record<string, unknown>>
}

export function definitionsOf(run: WorkflowRun): readonly JobDefinition[] {
  return readWorkflowFile(run.source)?.jobs ?? []
}

export function jobsOfAttempt(world: World, run: WorkflowRun, attempt = run.attempt): readonly WorkflowJob[] {
  return jobsOf(world.state).where((one) => one.runId === run.id && one.attempt === attempt)
}

function repositoryOf(world: World, id: number): Repository {
  const repository = world.state.repositories.get(id)
  if (!repository) throw new Error(`no repository ${id}`)
  return repository
}

async function addJob(world: World, run: WorkflowRun, definition: JobDefinition): Promise<WorkflowJob> {
  const { state, clock } = world
  const id = state.ids.next()
  const check = await createCheckRun(platform(world, run), {
    repository: repositoryOf(world, run.repositoryId),
    appId: actionsAppId(world),
    headSha: run.headSha,
    name: definition.name,
    jobId: id,
    suiteId: run.checkSuiteId,
    fields: {
      status: 'queued',
      external_id: backendIdOf(`check of job ${id}`),
      details_url: jobHtml(world, run, { id }),
    },
  })
  const job = jobsOf(state).put({
    id,
    runId: run.id,
    attempt: run.attempt,
    backendId: backendIdOf(`job ${id}`),
    key: definition.key,
    name: definition.name,
    status: 'queued',
    conclusion: null,
    labels: definition.labels,
    checkRunId: check.id,
    steps: [],
    log: '',
    createdAt: clock.now(),
    startedAt: null,
    completedAt: null,
  })
  emitJob(platform(world, run), run, job, 'queued')
  return job
}

export async function createRun(doer: Doer, input: NewRun): Promise<WorkflowRun> {
  const { world } = doer
  const { state, clock } = world
  const { repository, workflow, ...rest } = input
  const suite = await createSuite(world, {
    repository,
    appId: actionsAppId(world),
    sha: input.headSha,
    branch: input.headBranch,
  })
  if (!suite) throw new Error(`run on a commit ${input.headSha} that the repository does not have`)
  const now = clock.now()
  const id = state.ids.next()
  const number = (workflowsOf(state).get(workflow.id)?.lastRunNumber ?? 0) + 1
  workflowsOf(state).update(workflow.id, { lastRunNumber: number, updatedAt: now })
  const run = runsOf(state).put({
    ...rest,
    id,
    repositoryId: repository.id,
    workflowId: workflow.id,
    number,
    checkSuiteId: suite.id,
    attempt: 1,
    backendId: backendIdOf(`run ${id} attempt 1`),
    status: 'queued',
    conclusion: null,
    triggeringActorId: input.actorId,
    startedAt: now,
    updatedAt: now,
    createdAt: now,
    earlier: [],
  })
  emitRun(doer, run, 'requested')
  for (const definition of definitionsOf(run)) await addJob(world, run, definition)
  return run
}

/** A job starts on a runner; the first one starts its run. */
export function startJob(world: World, jobId: number): WorkflowJob {
  const now = world.clock.now()
  const job = jobsOf(world.state).update(jobId, { status: 'in_progress', startedAt: now })
  const run = requireRun(world, job.runId)
  const doer = platform(world, run)
  if (run.status === 'queued') {
    emitRun(doer, runsOf(world.state).update(run.id, { status: 'in_progress', updatedAt: now }), 'in_progress')
  }
  updateCheckRun(doer, job.checkRunId, actionsAppId(world), { status: 'in_progress' })
  emitJob(doer, run, job, 'in_progress')
  return job
}

export interface JobResult {
  readonly conclusion: RunConclusion
  readonly log?: string
  readonly steps?: readonly JobStep[]
}

/** A job ends; the last one ends its run. Late results of a job that has ended already change nothing. */
export function completeJob(world: World, jobId: number, result: JobResult): void {
  const before = jobsOf(world.state).get(jobId)
  if (!before || before.status === 'completed') return
  const now = world.clock.now()
  const job = jobsOf(world.state).update(jobId, {
    status: 'completed',
    conclusion: result.conclusion,
    startedAt: before.startedAt ?? now,
    completedAt: now,
    ...(result.log !== undefined && { log: result.log }),
    ...(result.steps !== undefined && { steps: result.steps }),
  })
  const run = requireRun(world, job.runId)
  const doer = platform(world, run)
  updateCheckRun(doer, job.checkRunId, actionsAppId(world), { conclusion: result.conclusion })
  emitJob(doer, run, job, 'completed')
  const jobs = jobsOfAttempt(world, run, job.attempt)
  const all = jobs.length === definitionsOf(run).length && jobs.every((one) => one.status === 'completed')
  if (all && job.attempt === run.attempt) completeRun(doer, run, jobs)
}

function completeRun(doer: Doer, run: WorkflowRun, jobs: readonly WorkflowJob[]): void {
  const { world } = doer
  const conclusions = new Set(jobs.map((one) => one.conclusion))
  const worst = (['failure', 'timed_out', 'cancelled', 'action_required'] as const).find((one) => conclusions.has(one))
  const conclusion = worst ?? (conclusions.has('success') ? 'success' : 'skipped')
  // A job that failed makes the run fail, however it failed; only a cancelled run is called so.
  const folded = conclusion === 'timed_out' ? 'failure' : conclusion
  const next = runsOf(world.state).update(run.id, {
    status: 'completed',
    conclusion: folded,
    updatedAt: world.clock.now(),
  })
  emitRun(doer, next, 'completed')
}

export function cancelRun(world: World, runId: number): void {
  for (const job of jobsOfAttempt(world, requireRun(world, runId)))
    completeJob(world, job.id, { conclusion: 'cancelled' })
}

/** Starts the next attempt with all jobs, or with those named and what depends on them; the others keep their result. */
export async function rerun(doer: Doer, runId: number, actorId: number, keys: readonly string[] | null): Promise<void> {
  const { world } = doer
  const run = requireRun(world, runId)
  const { attempt, backendId, status, conclusion, triggeringActorId, startedAt, updatedAt } = run
  const previous = jobsOfAttempt(world, run)
  const again = closure(definitionsOf(run), keys)
  const now = world.clock.now()
  const next = runsOf(world.state).update(runId, {
    attempt: attempt + 1,
    backendId: backendIdOf(`run ${runId} attempt ${attempt + 1}`),
    status: 'queued',
    conclusion: null,
    triggeringActorId: actorId,
    startedAt: now,
    updatedAt: now,
    earlier: [...run.earlier, { attempt, backendId, status, conclusion, triggeringActorId, startedAt, updatedAt }],
  })
  if (!world.switches.rerunKeepsArtifacts) {
    const lost = new Set(previous.filter((job) => again.has(job.key)).map((job) => job.id))
    for (const one of artifactsOf(world.state).where((row) => lost.has(row.jobId)))
      artifactsOf(world.state).delete(one.id)
  }
  emitRun(doer, next, 'requested')
  const kept = previous.filter((job) => !again.has(job.key))
  for (const job of kept) jobsOf(world.state).put({ ...job, id: world.state.ids.next(), attempt: next.attempt })
  for (const definition of definitionsOf(next)) {
    if (again.has(definition.key)) await addJob(world, next, definition)
  }
}

/** The named jobs and all that need them; all of them for null. */
function closure(definitions: readonly JobDefinition[], keys: readonly string[] | null): ReadonlySet<string> {
  const again = new Set(keys ?? definitions.map((one) => one.key))
  for (let size = -1; size !== again.size;) {
    size = again.size
    for (const one of definitions) if (one.needs.some((key) => again.has(key))) again.add(one.key)
  }
  return again
}

export function requireRun(world: World, id: number): WorkflowRun {
  const run = runsOf(world.state).get(id)
  if (!run) throw new Error(`no run ${id}`)
  return run
}

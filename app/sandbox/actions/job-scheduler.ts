/**
 * Hands queued jobs to an executor once the jobs they need have ended. Without an executor jobs stay queued, as on
 * GitHub when no runner is free, and are played by hand: play-job.ts.
 */
import { type State, stateSlot } from '../model/state.ts'
import { jobsOf, type WorkflowJob, type WorkflowRun } from '../model/workflow.ts'
import type { SandboxEvent, World } from '../world.ts'
import { completeJob, definitionsOf, type JobResult, jobsOfAttempt, requireRun, startJob } from './run-lifecycle.ts'
import { type RunnerEnvironment, runnerEnvironment } from './runner-environment.ts'
import type { JobDefinition } from './workflow-file.ts'

export interface JobAssignment {
  readonly world: World
  readonly run: WorkflowRun
  readonly job: WorkflowJob
  readonly definition: JobDefinition
  /** Prepares `dir` as the runner's folder and gives the variables of its steps; the token ends with the job. */
  environment(dir: string): Promise<RunnerEnvironment['variables']>
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal
}

/** Does a job's work. A throw fails the job, with the error's text in its log. */
export type JobExecutor = (assignment: JobAssignment) => Promise<JobResult>

interface Scheduler {
  executor: JobExecutor | null
  readonly aborts: Map<number, AbortController>
  readonly underWay: Set<Promise<void>>
}

const schedulerOf = stateSlot<Scheduler>('job scheduler', () => ({
  executor: null,
  aborts: new Map(),
  underWay: new Set(),
}))

/** Sets who executes jobs from now on, and gives it those that wait; null for nobody. */
export function setJobExecutor(world: World, executor: JobExecutor | null): void {
  schedulerOf(world.state).executor = executor
  const waiting = new Set(
    jobsOf(world.state)
      .where((one) => one.status === 'queued')
      .map((one) => one.runId),
  )
  for (const runId of waiting) scheduleRun(world, runId)
}

/** Resolves when no job is being executed. */
export async function jobsIdle(state: State): Promise<void> {
  const { underWay } = schedulerOf(state)
  while (underWay.size > 0) await Promise.all(underWay)
}

/** Starts every job of the run that may start now, and skips those whose needs did not succeed. */
export function scheduleRun(world: World, runId: number): void {
  const scheduler = schedulerOf(world.state)
  const run = requireRun(world, runId)
  const jobs = jobsOfAttempt(world, run)
  for (const definition of definitionsOf(run)) {
    const job = jobs.find((one) => one.key === definition.key)
    if (!job || job.status !== 'queued') continue
    const needs = needsOf(definition, jobs)
    if (!haveEnded(needs)) continue
    const failed = needs.some((one) => one?.conclusion !== 'success')
    if (failed && !/always\(\)|failure\(\)|cancelled\(\)/.test(definition.if)) {
      completeJob(world, job.id, { conclusion: 'skipped' })
    } else if (scheduler.executor) {
      track(scheduler, execute(world, scheduler, scheduler.executor, run, job, definition))
    }
  }
}

/** Whether nothing is in the way of a queued job but a runner; jobs that are to be skipped are so at once. */
export function mayStart(world: World, job: WorkflowJob): boolean {
  const run = requireRun(world, job.runId)
  const definition = definitionsOf(run).find((one) => one.key === job.key)
  return definition !== undefined && haveEnded(needsOf(definition, jobsOfAttempt(world, run)))
}

type Needs = readonly (WorkflowJob | undefined)[]

const needsOf = (definition: JobDefinition, jobs: readonly WorkflowJob[]): Needs =>
  definition.needs.map((key) => jobs.find((one) => one.key === key))

const haveEnded = (needs: Needs): boolean => needs.every((one) => one?.status === 'completed')

function track(scheduler: Scheduler, work: Promise<void>): void {
  const entry = work.finally(() => scheduler.underWay.delete(entry))
  scheduler.underWay.add(entry)
}

async function execute(
  world: World,
  scheduler: Scheduler,
  executor: JobExecutor,
  run: WorkflowRun,
  queued: WorkflowJob,
  definition: JobDefinition,
): Promise<void> {
  const abort = new AbortController()
  scheduler.aborts.set(queued.id, abort)
  const job = startJob(world, queued.id)
  const tokens: string[] = []
  let result: JobResult
  try {
    result = await executor({
      world,
      run: requireRun(world, run.id),
      job,
      definition,
      signal: abort.signal,
      async environment(dir) {
        const { variables, token } = await runnerEnvironment(world, requireRun(world, run.id), job, dir)
        tokens.push(token)
        return variables
      },
    })
  } catch (error) {
    result = { conclusion: 'failure', log: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  for (const token of tokens) world.tokens.revoke(token)
  scheduler.aborts.delete(job.id)
  completeJob(world, job.id, result)
}

/** Listens for jobs that were queued, ended or cancelled; the returned function stops it and aborts what runs. */
export function startScheduler(world: World): () => Promise<void> {
  const scheduler = schedulerOf(world.state)
  const listener = ({ event, action, payload }: SandboxEvent) => {
    if (event !== 'workflow_job') return
    const { id, run_id: runId } = payload['workflow_job'] as { id: number; run_id: number }
    if (action === 'completed') scheduler.aborts.get(id)?.abort()
    // After the change that announced itself here is whole.
    if (action !== 'in_progress') queueMicrotask(() => scheduleRun(world, runId))
  }
  world.listeners.add(listener)
  return async () => {
    world.listeners.delete(listener)
    scheduler.executor = null
    for (const abort of scheduler.aborts.values()) abort.abort()
    await jobsIdle(world.state)
  }
}

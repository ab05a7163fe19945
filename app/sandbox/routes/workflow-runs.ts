/** Reading workflow runs, their attempts and jobs; running them again and cancelling them. */
import { blobLink, BLOB_ROOT, writeBlob } from '../actions/blob-store.ts'
import { cancelRun, rerun } from '../actions/run-lifecycle.ts'
import type { Context } from '../http/context.ts'
import { conflict, forbidden, GitHubError, notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { jobsOf, runsOf, type WorkflowJob, type WorkflowRun } from '../model/workflow.ts'
import { renderJob, renderRun } from '../render/workflow.ts'
import { singleRow } from './single-row.ts'
import { requireWorkflow } from './workflows.ts'

type Asked = Pick<Context, 'world' | 'repo' | 'query' | 'url' | 'asOf'>

const RUN_FILTERS = ['head_sha', 'branch', 'event', 'actor', 'check_suite_id', 'status']

/** GitHub's list filters; `status` takes a status or a conclusion. */
function listRuns(c: Asked, match: (run: WorkflowRun) => boolean) {
  const wanted = (name: string, value: string | null) => c.query.get(name) === null || c.query.get(name) === value
  const status = c.query.get('status')
  const rows = runsOf(c.world.state)
    .where((one) => one.repositoryId === c.repo.id && match(one), c.asOf)
    .filter(
      (one) =>
        wanted('head_sha', one.headSha) &&
        wanted('branch', one.headBranch) &&
        wanted('event', one.event) &&
        wanted('actor', c.world.state.accounts.get(one.actorId)?.login ?? null) &&
        wanted('check_suite_id', String(one.checkSuiteId)) &&
        (status === null || one.status === status || one.conclusion === status),
    )
    .toReversed()
  const page = paginate(rows, c.url)
  const runs = page.rows.map((one) => renderRun(c.world, one))
  return { status: 200 as const, headers: page.headers, body: { total_count: rows.length, workflow_runs: runs } }
}

export function requiredRun(c: Pick<Context, 'world' | 'repo' | 'asOf'>, id: string): WorkflowRun {
  const run = singleRow(c, runsOf(c.world.state), Number(id))
  if (run?.repositoryId !== c.repo.id) throw notFound()
  return run
}

function requiredJob(c: Pick<Context, 'world' | 'repo' | 'asOf'>, id: string): { run: WorkflowRun; job: WorkflowJob } {
  const job = singleRow(c, jobsOf(c.world.state), Number(id))
  if (!job) throw notFound()
  return { job, run: requiredRun(c, String(job.runId)) }
}

function listJobs(c: Asked, run: WorkflowRun, match: (job: WorkflowJob) => boolean) {
  const rows = jobsOf(c.world.state).where((one) => one.runId === run.id && match(one), c.asOf)
  const page = paginate(rows, c.url)
  const jobs = page.rows.map((one) => renderJob(c.world, run, one))
  return { status: 200 as const, headers: page.headers, body: { total_count: rows.length, jobs } }
}

function demandEnded(run: WorkflowRun): void {
  if (run.status !== 'completed') throw forbidden('This workflow is already running')
}

export const workflowRunRoutes = [
  defineRoute('actions/list-workflow-runs-for-repo', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: RUN_FILTERS,
    handle: (c) => listRuns(c, () => true),
  }),
  defineRoute('actions/list-workflow-runs', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: RUN_FILTERS,
    handle(c) {
      const { id } = requireWorkflow(c.world, c.repo, c.params.workflow_id)
      return listRuns(c, (one) => one.workflowId === id)
    },
  }),
  defineRoute('actions/get-workflow-run', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: [],
    handle: (c) => ({ status: 200, body: renderRun(c.world, requiredRun(c, c.params.run_id)) }),
  }),
  defineRoute('actions/get-workflow-run-attempt', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: [],
    handle(c) {
      const run = requiredRun(c, c.params.run_id)
      const attempt = [...run.earlier, run].find((one) => one.attempt === Number(c.params.attempt_number))
      if (!attempt) throw notFound()
      return { status: 200, body: renderRun(c.world, run, attempt) }
    },
  }),
  defineRoute('actions/list-jobs-for-workflow-run', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
    who: ANYONE,
    permission: { actions: 'read' },
    handle(c) {
      const run = requiredRun(c, c.params.run_id)
      return listJobs(c, run, (one) => c.query.get('filter') === 'all' || one.attempt === run.attempt)
    },
  }),
  defineRoute('actions/list-jobs-for-workflow-run-attempt', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
    who: ANYONE,
    permission: { actions: 'read' },
    handle(c) {
      const attempt = Number(c.params.attempt_number)
      return listJobs(c, requiredRun(c, c.params.run_id), (one) => one.attempt === attempt)
    },
  }),
  defineRoute('actions/get-job-for-workflow-run', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/jobs/{job_id}',
    who: ANYONE,
    permission: { actions: 'read' },
    handle(c) {
      const { run, job } = requiredJob(c, c.params.job_id)
      return { status: 200, body: renderJob(c.world, run, job) }
    },
  }),
  defineRoute('actions/download-job-logs-for-workflow-run', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    who: SIGNED_IN,
    permission: { actions: 'read' },
    handle(c) {
      const { job } = requiredJob(c, c.params.job_id)
      if (job.status !== 'completed') throw notFound()
      const path = `${BLOB_ROOT}/logs/${job.id}.txt`
      writeBlob(c.world.state, path, new TextEncoder().encode(job.log), 'text/plain; charset=utf-8')
      return { status: 302, body: undefined, headers: { location: blobLink(c.world, path, 60_000) } }
    },
  }),
  defineRoute('actions/re-run-workflow', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/rerun',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    takes: [],
    async handle(c) {
      const run = requiredRun(c, c.params.run_id)
      demandEnded(run)
      await rerun(c, run.id, c.actor.id, null)
      return { status: 201, body: {} }
    },
  }),
  defineRoute('actions/re-run-workflow-failed-jobs', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    takes: [],
    async handle(c) {
      const run = requiredRun(c, c.params.run_id)
      demandEnded(run)
      const failed = jobsOf(c.world.state)
        .where((one) => one.runId === run.id && one.attempt === run.attempt)
        .filter((one) => one.conclusion !== 'success' && one.conclusion !== 'skipped')
        .map((one) => one.key)
      if (failed.length === 0) throw new GitHubError(403, 'This workflow run has no failed jobs')
      await rerun(c, run.id, c.actor.id, failed)
      return { status: 201, body: {} }
    },
  }),
  defineRoute('actions/re-run-job-for-workflow-run', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/rerun',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    takes: [],
    async handle(c) {
      const { run, job } = requiredJob(c, c.params.job_id)
      demandEnded(run)
      await rerun(c, run.id, c.actor.id, [job.key])
      return { status: 201, body: {} }
    },
  }),
  defineRoute('actions/cancel-workflow-run', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    handle(c) {
      const run = requiredRun(c, c.params.run_id)
      if (run.status === 'completed') throw conflict('Cannot cancel a workflow run that is completed.')
      cancelRun(c.world, run.id)
      return { status: 202, body: {} }
    },
  }),
]

/** Workflows, runs, jobs and artifacts as REST and webhooks show them. */
import type { Schema } from '../http/description-types.ts'
import { suitesOf } from '../model/check.ts'
import { nodeId } from '../model/ids.ts'
import { pullsOf } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import {
  type Artifact,
  type JobStep,
  type RunAttempt,
  runsOf,
  type Workflow,
  type WorkflowJob,
  type WorkflowRun,
  workflowsOf,
} from '../model/workflow.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { encodePath } from './encode-path.ts'
import { renderPullMinimal } from './pull-minimal.ts'
import { renderRepository, repositoryHtml, repositoryUrl } from './repository.ts'

export function repositoryOfRun(world: World, run: { readonly repositoryId: number }): Repository {
  const repository = world.state.repositories.get(run.repositoryId)
  if (!repository) throw new Error(`no repository ${run.repositoryId}`)
  return repository
}

export function runHtml(world: World, run: WorkflowRun): string {
  return `${repositoryHtml(world, repositoryOfRun(world, run))}/actions/runs/${run.id}`
}

export function jobHtml(world: World, run: WorkflowRun, job: { readonly id: number }): string {
  return `${runHtml(world, run)}/job/${job.id}`
}

export function renderWorkflow(world: World, workflow: Workflow) {
  const repository = repositoryOfRun(world, workflow)
  const html = repositoryHtml(world, repository)
  const file = workflow.path.split('/').at(-1) ?? ''
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: isoSeconds(workflow.createdAt),
    updated_at: isoSeconds(workflow.updatedAt),
    url: `${repositoryUrl(world, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${html}/blob/${encodePath(`${repository.defaultBranch}/${workflow.path}`)}`,
    badge_url: `${html}/actions/workflows/${file}/badge.svg`,
  } satisfies Schema<'workflow'>
}

/** A run, as its newest attempt or as an earlier one stood. */
export function renderRun(world: World, newest: WorkflowRun, attempt: RunAttempt = newest) {
  const run = { ...newest, ...attempt }
  const repository = repositoryOfRun(world, run)
  const url = `${repositoryUrl(world, repository)}/actions/runs/${run.id}`
  const workflow = workflowsOf(world.state).get(run.workflowId)
  const suite = suitesOf(world.state).get(run.checkSuiteId)
  if (!suite) throw new Error(`run ${run.id} has no check suite`)
  const pulls = pullsOf(world.state).where((one) => run.pullIds.includes(one.id))
  const head = world.state.repositories.get(run.headRepositoryId) ?? repository
  return {
    id: run.id,
    name: workflow?.name ?? null,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflow?.path ?? '',
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: suite.id,
    check_suite_node_id: nodeId('CheckSuite', suite.id),
    url,
    html_url: runHtml(world, newest),
    pull_requests: pulls.map((pull) => renderPullMinimal(world, pull)),
    created_at: isoSeconds(run.createdAt),
    updated_at: isoSeconds(run.updatedAt),
    run_started_at: isoSeconds(run.startedAt),
    actor: renderAccountId(world, run.actorId),
    triggering_actor: renderAccountId(world, run.triggeringActorId),
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${repositoryUrl(world, repository)}/actions/workflows/${run.workflowId}`,
    head_commit: suite.headCommit,
    repository: renderRepository(world, repository),
    head_repository: renderRepository(world, head),
  } satisfies Schema<'workflow-run'>
}

const renderStep = (step: JobStep) => ({
  name: step.name,
  status: step.status,
  conclusion: step.conclusion,
  number: step.number,
  started_at: isoSecondsOrNull(step.startedAt),
  completed_at: isoSecondsOrNull(step.completedAt),
})

export function renderJob(world: World, run: WorkflowRun, job: WorkflowJob) {
  const url = repositoryUrl(world, repositoryOfRun(world, run))
  const waiting = job.startedAt === null
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: workflowsOf(world.state).get(run.workflowId)?.name ?? null,
    head_branch: run.headBranch,
    run_url: `${url}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.checkRunId),
    head_sha: run.headSha,
    url: `${url}/actions/jobs/${job.id}`,
    html_url: jobHtml(world, run, job),
    status: job.status,
    conclusion: job.conclusion,
    created_at: isoSeconds(job.createdAt),
    started_at: isoSeconds(job.startedAt ?? job.createdAt),
    completed_at: isoSecondsOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map(renderStep),
    check_run_url: `${url}/check-runs/${job.checkRunId}`,
    labels: [...job.labels],
    runner_id: waiting ? null : 1,
    runner_name: waiting ? null : 'GitHub Actions 1',
    runner_group_id: waiting ? null : 1,
    runner_group_name: waiting ? null : 'GitHub Actions',
  } satisfies Schema<'job'>
}

export function renderArtifact(world: World, artifact: Artifact) {
  const repository = repositoryOfRun(world, artifact)
  const url = `${repositoryUrl(world, repository)}/actions/artifacts/${artifact.id}`
  const run = runsOf(world.state).get(artifact.runId)
  return {
    id: artifact.id,
    node_id: nodeId('Artifact', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expiresAt <= world.clock.now(),
    digest: artifact.digest,
    created_at: isoSeconds(artifact.createdAt),
    updated_at: isoSeconds(artifact.updatedAt),
    expires_at: isoSeconds(artifact.expiresAt),
    ...(run && {
      workflow_run: {
        id: run.id,
        repository_id: run.repositoryId,
        head_repository_id: run.headRepositoryId,
        head_branch: run.headBranch,
        head_sha: run.headSha,
      },
    }),
  } satisfies Schema<'artifact'>
}

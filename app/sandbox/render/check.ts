/** Check runs and suites as REST shows them. Webhooks carry the same, a run with its suite inside. */
import type { Schema } from '../http/description-types.ts'
import { type CheckRun, checkRunsOf, type CheckSuite, suitesOf } from '../model/check.ts'
import { nodeId } from '../model/ids.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAppId } from './app.ts'
import { encodePath } from './encode-path.ts'
import { pullsAt, renderPullMinimal } from './pull-minimal.ts'
import { renderRepository, repositoryHtml, repositoryUrl } from './repository.ts'

export function repositoryOfCheck(world: World, row: { readonly repositoryId: number }): Repository {
  const repository = world.state.repositories.get(row.repositoryId)
  if (!repository) throw new Error(`no repository ${row.repositoryId}`)
  return repository
}

const minimalPulls = (world: World, suite: CheckSuite | undefined) =>
  suite
    ? pullsAt(world, suite.repositoryId, suite.headSha, suite.headBranch).map((pull) => renderPullMinimal(world, pull))
    : []

export function checkRunHtml(world: World, run: CheckRun): string {
  return `${repositoryHtml(world, repositoryOfCheck(world, run))}/runs/${run.id}`
}

export function renderCheckRun(world: World, run: CheckRun) {
  const url = `${repositoryUrl(world, repositoryOfCheck(world, run))}/check-runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: checkRunHtml(world, run),
    details_url: run.detailsUrl ?? checkRunHtml(world, run),
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoSeconds(run.startedAt),
    completed_at: isoSecondsOrNull(run.completedAt),
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: renderAppId(world, run.appId),
    pull_requests: minimalPulls(world, suitesOf(world.state).get(run.suiteId)),
  } satisfies Schema<'check-run'>
}

export function renderCheckSuite(world: World, suite: CheckSuite) {
  const repository = repositoryOfCheck(world, suite)
  const url = `${repositoryUrl(world, repository)}/check-suites/${suite.id}`
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: suite.before,
    after: suite.headSha,
    pull_requests: minimalPulls(world, suite),
    app: renderAppId(world, suite.appId),
    repository: renderRepository(world, repository),
    created_at: isoSeconds(suite.createdAt),
    updated_at: isoSeconds(suite.updatedAt),
    head_commit: suite.headCommit,
    latest_check_runs_count: checkRunsOf(world.state).where((one) => one.suiteId === suite.id).length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  } satisfies Schema<'check-suite'>
}

/** The suite inside a check run's webhook. */
function simpleSuite(world: World, suite: CheckSuite) {
  const {
    repository: _repository,
    head_commit: _commit,
    check_runs_url: _url,
    ...rest
  } = renderCheckSuite(world, suite)
  const { latest_check_runs_count: _count, rerequestable: _one, runs_rerequestable: _all, ...simple } = rest
  return simple
}

/** `check_run` as webhooks carry it. */
export function renderCheckRunPayload(world: World, run: CheckRun) {
  const suite = suitesOf(world.state).get(run.suiteId)
  const rendered = renderCheckRun(world, run)
  return suite ? { ...rendered, check_suite: simpleSuite(world, suite) } : rendered
}

/** `check_suite` as webhooks carry it: without the repository, which stands beside it. */
export function renderCheckSuitePayload(world: World, suite: CheckSuite) {
  const { repository: _repository, ...rest } = renderCheckSuite(world, suite)
  return rest
}

export function renderAnnotations(world: World, run: CheckRun) {
  const blob = `${repositoryHtml(world, repositoryOfCheck(world, run))}/blob/${run.headSha}`
  const render = (one: CheckRun['annotations'][number]) =>
    ({ ...one, blob_href: `${blob}/${encodePath(one.path)}` }) satisfies Schema<'check-annotation'>
  return run.annotations.map(render)
}

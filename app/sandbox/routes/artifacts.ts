/** Artifacts of workflow runs: lists, one, its bytes by redirect, deletion. Uploading is the results service's business. */
import { artifactPath, hasExpired } from '../actions/artifact-path.ts'
import { blobLink, deleteBlob } from '../actions/blob-store.ts'
import type { Context } from '../http/context.ts'
import { GitHubError, notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { type Artifact, artifactsOf, runsOf } from '../model/workflow.ts'
import { renderArtifact } from '../render/workflow.ts'
import { singleRow } from './single-row.ts'

type Asked = Pick<Context, 'world' | 'repo' | 'query' | 'url' | 'asOf'>

function listed(c: Asked, match: (artifact: Artifact) => boolean) {
  const name = c.query.get('name')
  const rows = artifactsOf(c.world.state)
    .where((one) => one.repositoryId === c.repo.id && one.finalized && match(one), c.asOf)
    .filter((one) => name === null || one.name === name)
    .toReversed()
  const page = paginate(rows, c.url)
  const artifacts = page.rows.map((one) => renderArtifact(c.world, one))
  return { status: 200 as const, headers: page.headers, body: { total_count: rows.length, artifacts } }
}

function required(c: Pick<Context, 'world' | 'repo' | 'asOf'>, id: string): Artifact {
  const artifact = singleRow(c, artifactsOf(c.world.state), Number(id))
  if (!artifact || artifact.repositoryId !== c.repo.id || !artifact.finalized) throw notFound()
  return artifact
}

export const artifactRoutes = [
  defineRoute('actions/list-artifacts-for-repo', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: ['name'],
    handle: (c) => listed(c, () => true),
  }),
  defineRoute('actions/list-workflow-run-artifacts', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    who: ANYONE,
    permission: { actions: 'read' },
    takes: ['name'],
    handle(c) {
      const run = singleRow(c, runsOf(c.world.state), Number(c.params.run_id))
      if (run?.repositoryId !== c.repo.id) throw notFound()
      return listed(c, (one) => one.runId === run.id)
    },
  }),
  defineRoute('actions/get-artifact', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    who: ANYONE,
    permission: { actions: 'read' },
    handle: (c) => ({ status: 200, body: renderArtifact(c.world, required(c, c.params.artifact_id)) }),
  }),
  defineRoute('actions/delete-artifact', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    handle(c) {
      const artifact = required(c, c.params.artifact_id)
      deleteBlob(c.world.state, artifactPath(c.world.state, artifact))
      artifactsOf(c.world.state).delete(artifact.id)
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('actions/download-artifact', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    who: SIGNED_IN,
    permission: { actions: 'read' },
    handle(c) {
      const artifact = required(c, c.params.artifact_id)
      if (c.params.archive_format !== 'zip') throw notFound()
      if (hasExpired(c.world.state, artifact)) throw new GitHubError(410, 'Artifact has expired')
      const location = blobLink(c.world, artifactPath(c.world.state, artifact), 60_000)
      return { status: 302, body: undefined, headers: { location } }
    },
  }),
]

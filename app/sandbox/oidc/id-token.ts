/**
 * The identity token of a job: GitHub's claims about the run, signed with RS256. Who may ask for one is decided in
 * request-tokens.ts.
 */
import { sign } from 'node:crypto'
import { type WorkflowJob, type WorkflowRun, workflowsOf } from '../model/workflow.ts'
import { fullName } from '../render/repository.ts'
import { repositoryOfRun } from '../render/workflow.ts'
import type { World } from '../world.ts'
import { signingKeyOf } from './signing-key.ts'

/** As GitHub's: five minutes to use it, ten backwards for clocks that differ. */
const LIFE_S = 300
const BACKDATED_S = 600

export function issuerOf(world: World): string {
  return `${world.origin()}/_oidc`
}

/** `audience` null: the address of the repository's owner, GitHub's default. */
export function mintIdToken(world: World, run: WorkflowRun, job: WorkflowJob, audience: string | null): string {
  const { kid, privateKey } = signingKeyOf(world.state)
  const now = Math.floor(world.clock.now() / 1000)
  const owner = fullName(world, repositoryOfRun(world, run)).split('/')[0] ?? ''
  const claims = {
    jti: world.state.ids.next().toString(16).padStart(32, '0'),
    aud: audience ?? `${world.origin()}/${owner}`,
    iss: issuerOf(world),
    iat: now,
    nbf: now - BACKDATED_S,
    exp: now + LIFE_S,
    ...claimsOf(world, run, job),
  }
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), privateKey).toString('base64url')}`
}

/** Every claim is text, numbers too. */
function claimsOf(world: World, run: WorkflowRun, job: WorkflowJob): Readonly<Record<string, string>> {
  const repository = repositoryOfRun(world, run)
  const name = fullName(world, repository)
  const workflow = workflowsOf(world.state).get(run.workflowId)
  const workflowRef = `${name}/${workflow?.path ?? ''}@${run.ref}`
  const request = (run.payload['pull_request'] ?? {}) as { head?: { ref?: string }; base?: { ref?: string } }
  const pull = run.event.startsWith('pull_request')
  return {
    sub: `${subjectPrefix(world, run)}:${pull ? 'pull_request' : `ref:${run.ref}`}`,
    ref: run.ref,
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    sha: run.checkoutSha,
    head_ref: pull ? (request.head?.ref ?? '') : '',
    base_ref: pull ? (request.base?.ref ?? '') : '',
    repository: name,
    repository_id: String(repository.id),
    repository_owner: name.split('/')[0] ?? '',
    repository_owner_id: String(repository.ownerId),
    repository_visibility: repository.private ? 'private' : 'public',
    actor: world.state.accounts.get(run.actorId)?.login ?? '',
    actor_id: String(run.actorId),
    event_name: run.event,
    workflow: workflow?.name ?? '',
    workflow_ref: workflowRef,
    workflow_sha: run.checkoutSha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: run.checkoutSha,
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    runner_environment: 'github-hosted',
    check_run_id: String(job.checkRunId),
  }
}

/** `repo:acme@100/widgets@401`, or without the numbers as for repositories of before July 2026. */
function subjectPrefix(world: World, run: WorkflowRun): string {
  const repository = repositoryOfRun(world, run)
  const [owner = '', name = ''] = fullName(world, repository).split('/')
  return world.switches.oidcImmutableSubject
    ? `repo:${owner}@${repository.ownerId}/${name}@${repository.id}`
    : `repo:${owner}/${name}`
}

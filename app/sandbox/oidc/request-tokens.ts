/** With which secret a job asks for its identity tokens, and the two variables that tell its steps. */
import { randomBytes } from 'node:crypto'
import { stateSlot } from '../model/state.ts'
import { jobsOf, runsOf, type WorkflowJob, type WorkflowRun } from '../model/workflow.ts'
import type { World } from '../world.ts'

/** Secret → job id. */
const requestersOf = stateSlot('identity token requests', () => new Map<string, number>())

/** For a job with `id-token: write`, which a run for a fork never has. */
export function idTokenVariables(world: World, job: WorkflowJob): Readonly<Record<string, string>> {
  const requesters = requestersOf(world.state)
  for (const [secret, id] of requesters)
    if (jobsOf(world.state).get(id)?.status === 'completed') requesters.delete(secret)
  const secret = randomBytes(32).toString('base64url')
  requesters.set(secret, job.id)
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${world.origin()}/_oidc/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
  }
}

/** The job that a secret belongs to, while it goes on. */
export function requester(
  world: World,
  secret: string,
): { readonly run: WorkflowRun; readonly job: WorkflowJob } | undefined {
  const job = jobsOf(world.state).get(requestersOf(world.state).get(secret) ?? 0)
  const run = job && runsOf(world.state).get(job.runId)
  return job && run && job.status !== 'completed' ? { run, job } : undefined
}

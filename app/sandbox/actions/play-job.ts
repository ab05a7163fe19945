/**
 * A queued job in somebody's own hands, from untrusted JSON: it is begun with the environment that a runner would give to
 * its steps, and ended with what became of it. Jobs that an executor has are not for others.
 */
import { isAbsolute } from 'node:path'
import { stateSlot } from '../model/state.ts'
import { jobsOf, RUN_CONCLUSIONS, type RunConclusion } from '../model/workflow.ts'
import type { World } from '../world.ts'
import { mayStart } from './job-scheduler.ts'
import { completeJob, requireRun, startJob } from './run-lifecycle.ts'
import { runnerEnvironment } from './runner-environment.ts'

/** Job → its GITHUB_TOKEN, for those that are played. */
const playedOf = stateSlot('played jobs', () => new Map<number, string>())

type Given = Readonly<Record<string, unknown>>

export type Begun = { readonly variables: Readonly<Record<string, string>> } | { readonly refused: string }

/** `{dir}`: a folder that becomes the runner's; it is made where there is none. */
export async function beginJob(world: World, id: number, given: Given): Promise<Begun> {
  const job = jobsOf(world.state).get(id)
  if (!job) return { refused: `There is no job ${id}.` }
  const { dir } = given
  if (typeof dir !== 'string' || !isAbsolute(dir)) return { refused: '`dir` is the full path of a folder.' }
  if (job.status !== 'queued') return { refused: `The job is ${job.status}, not queued.` }
  if (!mayStart(world, job)) return { refused: 'The jobs that it needs have not ended.' }
  startJob(world, id)
  const { variables, token } = await runnerEnvironment(world, requireRun(world, job.runId), job, dir)
  playedOf(world.state).set(id, token)
  return { variables }
}

/** `{conclusion, log?}`. The answer is what is wrong, or null when the job has ended. */
export function endJob(world: World, id: number, given: Given): string | null {
  const token = playedOf(world.state).get(id)
  if (token === undefined) return `No job ${id} was begun here.`
  const { conclusion, log } = given
  if (!isConclusion(conclusion)) return `\`conclusion\` is one of ${RUN_CONCLUSIONS.join(', ')}.`
  if (log !== undefined && typeof log !== 'string') return '`log` is text.'
  world.tokens.revoke(token)
  playedOf(world.state).delete(id)
  completeJob(world, id, { conclusion, ...(log !== undefined && { log }) })
  return null
}

const isConclusion = (value: unknown): value is RunConclusion => RUN_CONCLUSIONS.some((one) => one === value)

/**
 * How far a report that a run uploaded is believed. An artifact does not say which job made it, so the workflow file and
 * the times of the jobs have to: it counts as `ci` only when no job with an agent in it can have made it. Pure.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Trust } from '../../../domain/task/state.ts'
import { isNamed, readJobs, type WorkflowJob } from './workflow-jobs.ts'

export interface JobTimes {
  /** As shown: the job's `name`, or its key, with the values of a matrix behind it. */
  readonly name: string
  readonly startedAt: Millis | null
  readonly completedAt: Millis | null
}

/** A file as it stands on the commit that ran and on the default branch; null where it does not. */
export interface FileTexts {
  readonly head: string | null
  readonly defaultBranch: string | null
}

export interface WorkflowTexts extends FileTexts {
  /** The workflows of the same repository that it calls, and those that they call, by path. */
  readonly called: ReadonlyMap<string, FileTexts>
}

export type TrustVerdict =
  | {
      readonly believed: true
      readonly trust: Trust
      readonly why: string
      /** Whether the workflow may not be the default branch's: then its report ends no attempt but one that its run took the lease of. */
      readonly unreviewed: boolean
    }
  /** Not even as the agent's own word. */
  | { readonly believed: false; readonly why: string }

/** GitHub rounds times to seconds, and an upload may be dated a little before or after its step. */
const GRACE_MS: Millis = 2_000

export interface Upload {
  /** Key of the job that the report says it is from. */
  readonly job: string
  readonly uploadedAt: Millis
  /** How many reports of the run say that they are from this job: a matrix has as many as it has legs, and no more. */
  readonly claims: number
}

/** `jobs` is asked for only when a job with an agent in it could have made the report. */
export const decideTrust = async (
  { head, defaultBranch, called }: WorkflowTexts,
  report: Upload,
  jobs: () => Promise<readonly JobTimes[]>,
): Promise<TrustVerdict> => {
  if (head === null || defaultBranch === null) {
    return { believed: false, why: 'its workflow is not on the default branch' }
  }
  if (head !== defaultBranch) return unreviewed('its workflow file differs from the default branch')
  if ([...called.values()].some((file) => file.head === null || file.head !== file.defaultBranch)) {
    return unreviewed('a workflow that it calls differs from the default branch')
  }
  const all = readJobs(head, new Map([...called].map(([path, file]) => [path, file.head ?? ''])))
  const own = all?.filter(({ key }) => key === report.job) ?? []
  if (all === null || own.length === 0) return unreviewed(`its workflow has no job "${report.job}"`)
  if (own.some(({ hasAgent }) => hasAgent)) return self('an agent ran in its job')
  const agents = all.filter(({ hasAgent }) => hasAgent)
  if (agents.length === 0) return ci('no job of its workflow has an agent')

  const times = await jobs()
  const { uploadedAt } = report
  /** Whether the name is of these jobs and of no agent's: names with a matrix behind them may be of several. */
  const isOnly = (name: string, among: readonly WorkflowJob[]): boolean =>
    among.some((job) => isNamed(name, job)) && !agents.some((job) => isNamed(name, job))
  const mine = times.filter(({ name }) => isOnly(name, own))
  if (report.claims > Math.max(1, mine.length))
    return self('more reports say that they are from its job than it has legs')
  if (!mine.some((job) => wasRunning(job, uploadedAt, GRACE_MS))) {
    return self('its job was not running when it was uploaded')
  }
  const before = all.filter(({ id }) => own.every((job) => job.before.includes(id)))
  // No grace for a job that ours waits for: it was over when ours began, often within the same second.
  const graceOf = ({ name }: JobTimes): Millis => (before.some((job) => isNamed(name, job)) ? 0 : GRACE_MS)
  const others = times.filter((job) => !mine.includes(job) && wasRunning(job, uploadedAt, graceOf(job)))
  const strangers = others.filter(({ name }) => !isOnly(name, all))
  return strangers.length > 0
    ? self('a job with an agent was running when it was uploaded')
    : ci('no job with an agent was running when it was uploaded')
}

const ci = (why: string): TrustVerdict => ({ believed: true, trust: 'ci', why, unreviewed: false })
const self = (why: string): TrustVerdict => ({ believed: true, trust: 'self', why, unreviewed: false })
const unreviewed = (why: string): TrustVerdict => ({ believed: true, trust: 'self', why, unreviewed: true })

const wasRunning = ({ startedAt, completedAt }: JobTimes, at: Millis, grace: Millis): boolean =>
  startedAt !== null && startedAt - grace <= at && (completedAt === null || at < completedAt + grace)

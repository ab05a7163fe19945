/**
 * How far a report that a run uploaded is believed. An artifact does not say which job made it, so the workflow file and
 * the times of the jobs have to: it counts as `ci` only when no job with an agent in it can have made it. Pure.
 */
import { parse } from 'yaml'
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Trust } from '../../../domain/task/state.ts'
import { hasAgentSteps } from './agent-steps.ts'

export interface JobTimes {
  /** As shown: the job's `name`, or its key, with the values of a matrix behind it. */
  readonly name: string
  readonly startedAt: Millis | null
  readonly completedAt: Millis | null
}

export interface WorkflowTexts {
  /** The workflow's file on the commit that ran; null when it has none. */
  readonly head: string | null
  /** The same file on the default branch. */
  readonly defaultBranch: string | null
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
  { head, defaultBranch }: WorkflowTexts,
  report: Upload,
  jobs: () => Promise<readonly JobTimes[]>,
): Promise<TrustVerdict> => {
  if (head === null || defaultBranch === null) {
    return { believed: false, why: 'its workflow is not on the default branch' }
  }
  if (head !== defaultBranch) return unreviewed('its workflow file differs from the default branch')
  const file = readFile(head)
  const own = file?.jobs.get(report.job)
  if (file === null || own === undefined) return unreviewed(`its workflow has no job "${report.job}"`)
  if (hasAgentSteps(own, file.surroundings)) return self('an agent ran in its job')
  const clean = [...file.jobs].filter(([, job]) => !hasAgentSteps(job, file.surroundings))
  if (clean.length === file.jobs.size) return ci('no job of its workflow has an agent')

  const times = await jobs()
  const { uploadedAt } = report
  const mine = times.filter((job) => isNamed(job, report.job, own))
  if (report.claims > Math.max(1, mine.length))
    return self('more reports say that they are from its job than it has legs')
  if (!mine.some((job) => wasRunning(job, uploadedAt, GRACE_MS))) {
    return self('its job was not running when it was uploaded')
  }
  const before = needsOf(report.job, file.jobs)
  // No grace for a job that ours waits for: it was over when ours began, often within the same second.
  const graceOf = (job: JobTimes): Millis =>
    before.some((key) => isNamed(job, key, file.jobs.get(key))) ? 0 : GRACE_MS
  const others = times.filter((job) => !mine.includes(job) && wasRunning(job, uploadedAt, graceOf(job)))
  const strangers = others.filter((other) => !clean.some(([key, job]) => isNamed(other, key, job)))
  return strangers.length > 0
    ? self('a job with an agent was running when it was uploaded')
    : ci('no job with an agent was running when it was uploaded')
}

const ci = (why: string): TrustVerdict => ({ believed: true, trust: 'ci', why, unreviewed: false })
const self = (why: string): TrustVerdict => ({ believed: true, trust: 'self', why, unreviewed: false })
const unreviewed = (why: string): TrustVerdict => ({ believed: true, trust: 'self', why, unreviewed: true })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface WorkflowFile {
  readonly jobs: ReadonlyMap<string, unknown>
  readonly surroundings: unknown
}

const readFile = (text: string): WorkflowFile | null => {
  try {
    const file: unknown = parse(text, { maxAliasCount: 100 })
    if (!isRecord(file) || !isRecord(file['jobs'])) return null
    return { jobs: new Map(Object.entries(file['jobs'])), surroundings: file['env'] ?? null }
  } catch {
    return null
  }
}

/** Keys of all jobs that must have ended before this one began. */
const needsOf = (key: string, jobs: WorkflowFile['jobs']): readonly string[] => {
  const found = new Set<string>()
  const visit = (at: string): void => {
    const job = jobs.get(at)
    const needs = isRecord(job) ? job['needs'] : undefined
    for (const need of Array.isArray(needs) ? needs : [needs]) {
      if (typeof need !== 'string' || found.has(need)) continue
      found.add(need)
      visit(need)
    }
  }
  visit(key)
  return [...found]
}

const wasRunning = ({ startedAt, completedAt }: JobTimes, at: Millis, grace: Millis): boolean =>
  startedAt !== null && startedAt - grace <= at && (completedAt === null || at < completedAt + grace)

const isNamed = ({ name }: JobTimes, key: string, job: unknown): boolean => {
  const title = isRecord(job) && typeof job['name'] === 'string' ? job['name'] : key
  return name === title || name.startsWith(`${title} (`)
}

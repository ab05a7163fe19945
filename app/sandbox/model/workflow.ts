/** Workflows, their runs and jobs, and the artifacts that jobs upload. Types and their tables only. */
import { createHash } from 'node:crypto'

import { stateSlot } from './state.ts'
import { createTable } from './table.ts'

export const RUN_CONCLUSIONS = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const
export type RunConclusion = (typeof RUN_CONCLUSIONS)[number]

export type RunStatus = 'queued' | 'in_progress' | 'completed'

export interface Workflow {
  readonly id: number
  readonly repositoryId: number
  /** `.github/workflows/ci.yml`. */
  readonly path: string
  readonly name: string
  readonly lastRunNumber: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** One attempt of a run: what changes when it is run again. */
export interface RunAttempt {
  readonly attempt: number
  /** The name under which the results service knows this attempt. */
  readonly backendId: string
  readonly status: RunStatus
  readonly conclusion: RunConclusion | null
  readonly triggeringActorId: number
  readonly startedAt: number
  readonly updatedAt: number
}

export interface WorkflowRun extends RunAttempt {
  readonly id: number
  readonly repositoryId: number
  readonly workflowId: number
  readonly number: number
  readonly event: string
  /** Full ref that GITHUB_REF holds: `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string
  readonly headBranch: string
  readonly headSha: string
  /** The commit that is checked out: the merge commit of a pull request, else the head. */
  readonly checkoutSha: string
  readonly headRepositoryId: number
  readonly title: string
  readonly actorId: number
  readonly checkSuiteId: number
  /** Pull requests (issue ids) from the same repository that this run is for. */
  readonly pullIds: readonly number[]
  /** The text of the workflow file as it was when the run was made. */
  readonly source: string
  /** The event's payload, as GITHUB_EVENT_PATH holds it. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly earlier: readonly RunAttempt[]
}

export interface JobStep {
  readonly name: string
  readonly number: number
  readonly status: RunStatus
  readonly conclusion: RunConclusion | null
  readonly startedAt: number | null
  readonly completedAt: number | null
}

export interface WorkflowJob {
  readonly id: number
  readonly runId: number
  readonly attempt: number
  readonly backendId: string
  /** The job's key in the workflow file, and the name that people see. */
  readonly key: string
  readonly name: string
  readonly status: RunStatus
  readonly conclusion: RunConclusion | null
  readonly labels: readonly string[]
  readonly checkRunId: number
  readonly steps: readonly JobStep[]
  readonly log: string
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
}

export interface Artifact {
  readonly id: number
  readonly repositoryId: number
  readonly runId: number
  readonly attempt: number
  readonly jobId: number
  readonly name: string
  readonly mimeType: string
  readonly size: number
  /** `sha256:…` as the uploader claimed it, else null. */
  readonly digest: string | null
  /** Not shown before it is finalized. */
  readonly finalized: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
}

export const workflowsOf = stateSlot('workflows', (state) => createTable<Workflow>(state.clock))
export const runsOf = stateSlot('workflow runs', (state) => createTable<WorkflowRun>(state.clock))
export const jobsOf = stateSlot('workflow jobs', (state) => createTable<WorkflowJob>(state.clock))
export const artifactsOf = stateSlot('artifacts', (state) => createTable<Artifact>(state.clock))

/** A UUID that follows from what it names, so that the same seed gives the same ones. It authorises nothing. */
export function backendIdOf(what: string): string {
  const hex = createHash('sha256').update(what).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

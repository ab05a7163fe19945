/** Check suites and check runs. Types, tables and GitHub's limits only. */
import type { CommitStub } from './commit-stub.ts'
import { stateSlot } from './state.ts'
import { createTable } from './table.ts'

export const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const
export type CheckConclusion = (typeof CONCLUSIONS)[number]
export type CheckStatus = 'queued' | 'in_progress' | 'completed'

export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column: number | null
  readonly end_column: number | null
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly title: string | null
  readonly message: string
  readonly raw_details: string | null
}

export interface CheckAction {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

/** One per App, repository and commit. */
export interface CheckSuite {
  readonly id: number
  readonly repositoryId: number
  readonly appId: number
  readonly headSha: string
  readonly headBranch: string | null
  readonly headCommit: CommitStub
  readonly before: string | null
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface CheckRun {
  readonly id: number
  readonly repositoryId: number
  readonly suiteId: number
  readonly appId: number
  readonly headSha: string
  readonly name: string
  readonly externalId: string
  readonly detailsUrl: string | null
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
  readonly startedAt: number
  readonly completedAt: number | null
  readonly title: string | null
  readonly summary: string | null
  readonly text: string | null
  readonly annotations: readonly Annotation[]
  readonly actions: readonly CheckAction[]
  /** The workflow job whose check this is. */
  readonly jobId: number | null
}

export const suitesOf = stateSlot('check suites', (state) => createTable<CheckSuite>(state.clock))
export const checkRunsOf = stateSlot('check runs', (state) => createTable<CheckRun>(state.clock))

/** Limits of GitHub's checks API. */
export const MAX_ANNOTATIONS_PER_REQUEST = 50
export const MAX_OUTPUT_CHARACTERS = 65_535
export const MAX_ACTIONS = 3
export const MAX_ACTION_LABEL = 20
export const MAX_ACTION_DESCRIPTION = 40
export const MAX_ACTION_IDENTIFIER = 20
export const MAX_ANNOTATION_TITLE = 255
export const MAX_ANNOTATION_BYTES = 64 * 1024
/** Same-named runs of one suite; beyond it GitHub drops the oldest. */
export const MAX_SAME_NAME_RUNS = 1000

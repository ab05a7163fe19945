/** The part of a pull request that an issue does not have; the rest is the issue row itself. Types and tables only. */
import type { MergeMethod } from '../git/git-merge.ts'
import { type State, stateSlot } from './state.ts'
import { createTable } from './table.ts'

export interface Pull {
  /** The pull request's own id, `issue.pull.id`. */
  readonly id: number
  readonly issueId: number
  readonly repositoryId: number
  readonly number: number
  readonly baseRef: string
  /** The base branch's commit when the head last moved, as GitHub freezes it. */
  readonly baseSha: string
  readonly headRef: string
  readonly headSha: string
  /** The repository that holds the head branch; another one for a fork, null when that fork was deleted. */
  readonly headRepositoryId: number | null
  /** Whose repository that is: the `mallory` of `mallory:patch-1`. */
  readonly headOwnerId: number
  readonly merged: boolean
  readonly mergedAt: number | null
  readonly mergedById: number | null
  /** A test merge while open, the real one once merged. */
  readonly mergeCommitSha: string | null
  readonly mergeable: boolean
  /** GitHub works `mergeable` out when it is first asked for after a push, and shows null that once. */
  readonly mergeableAsked: boolean
  readonly mergeMethod: MergeMethod | null
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
  readonly behindBy: number
  readonly requestedReviewerIds: readonly number[]
  readonly maintainerCanModify: boolean
}

export const REVIEW_STATES = ['PENDING', 'COMMENTED', 'APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'] as const

export interface Review {
  readonly id: number
  readonly pullId: number
  readonly userId: number
  readonly appId: number | null
  readonly body: string
  readonly state: (typeof REVIEW_STATES)[number]
  readonly commitSha: string
  readonly submittedAt: number | null
}

export const pullsOf = stateSlot('pulls', (state) => createTable<Pull>(state.clock))
export const reviewsOf = stateSlot('reviews', (state) => createTable<Review>(state.clock))

/** Fork → the repository it was made from. */
export const forksOf = stateSlot('forks', () => new Map<number, number>())

export function pullOfIssue(state: State, issueId: number): Pull | undefined {
  return pullsOf(state).find((one) => one.issueId === issueId)
}

export function pullByNumber(state: State, repositoryId: number, number: number): Pull | undefined {
  return pullsOf(state).find((one) => one.repositoryId === repositoryId && one.number === number)
}

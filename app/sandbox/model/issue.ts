/**
 * Issues (a pull request is an issue with `pull` set), comments, reactions and issue events. Types only. Bodies are kept
 * exactly as sent: CRLF from browsers stays CRLF.
 */
export type StateReason = 'completed' | 'not_planned' | 'duplicate' | 'reopened'
export type LockReason = 'off-topic' | 'too heated' | 'resolved' | 'spam'

/** One version of a body that was replaced or written: newest last. */
export interface Edit {
  readonly id: number
  readonly at: number
  readonly editorId: number
  /** The App through which the edit was made. */
  readonly appId: number | null
  /** The whole body after this edit. */
  readonly body: string
}

export interface Issue {
  readonly id: number
  readonly repositoryId: number
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly stateReason: StateReason | null
  readonly authorId: number
  readonly appId: number | null
  /** Label ids in the order in which they were added. */
  readonly labelIds: readonly number[]
  readonly assigneeIds: readonly number[]
  readonly milestoneId: number | null
  readonly locked: boolean
  readonly lockReason: LockReason | null
  readonly pinned: boolean
  readonly parentId: number | null
  /** Issue ids in their order of priority. */
  readonly subIssueIds: readonly number[]
  /** Issue ids that block this one. */
  readonly blockedByIds: readonly number[]
  readonly edits: readonly Edit[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
  readonly closedById: number | null
  /** Set for pull requests: `id` is the pull request's own database id. The rest of it lives with the pull routes. */
  readonly pull: { readonly id: number; readonly draft: boolean; readonly mergedAt: number | null } | null
}

export interface IssueComment {
  readonly id: number
  readonly issueId: number
  readonly body: string
  readonly authorId: number
  readonly appId: number | null
  readonly edits: readonly Edit[]
  /** GraphQL's classifier in lower case with dashes: `outdated`, `resolved`, `off-topic`, …; null: shown. */
  readonly minimized: string | null
  readonly pin: { readonly at: number; readonly byId: number } | null
  readonly createdAt: number
  readonly updatedAt: number
}

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
export type ReactionContent = (typeof REACTIONS)[number]

export interface Reaction {
  readonly id: number
  readonly subject: { readonly kind: 'issue' | 'comment'; readonly id: number }
  readonly userId: number
  readonly content: ReactionContent
  readonly createdAt: number
}

/** What stands in an issue's timeline beside its comments. `data` holds the fields GitHub adds for this event. */
export interface IssueEvent {
  readonly id: number
  readonly issueId: number
  readonly event: string
  readonly actorId: number
  readonly appId: number | null
  readonly createdAt: number
  readonly data: Readonly<Record<string, unknown>>
}

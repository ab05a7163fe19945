/** What one look at GitHub shows of a task's issue. Types only. */
import type { Actor } from '../../../domain/actor.ts'
import type { IssueIds } from './base.ts'
import type { Place } from '../ports.ts'
import type { ObservedEdges } from '../relations/observed-edges.ts'
import type { Milestone } from '../../../domain/task/state.ts'

export interface ObservedRecord extends Place {
  readonly body: string
  /** Written by our App. */
  readonly ours: boolean
  /** Who edited it last, an App by the name that it has everywhere else; null: nobody since it was written. */
  readonly editor: Actor | null
  /** Whether that was our App. */
  readonly editedByUs: boolean
  /** Folded up by somebody, so that people do not see it any more; absent: it is not. */
  readonly minimised?: true
}

export interface Observed {
  readonly issue: IssueIds
  readonly title: string
  readonly open: boolean
  /** Ours by prefix, lower case, sorted. */
  readonly labels: readonly string[]
  /** How it is related to other issues. */
  readonly related: ObservedEdges
  /** Logins, sorted. */
  readonly assignees: readonly string[]
  readonly milestone: Milestone | null
  /** Null: there is none, or the one we knew is gone. */
  readonly record: ObservedRecord | null
  /** Further record comments of ours, which a repeated create left behind. */
  readonly doubles: readonly Place[]
}

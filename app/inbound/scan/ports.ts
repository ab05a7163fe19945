/** What has to be read of GitHub before a row that a scan found may be believed: who wrote which version, and who did what. */
import type { Millis } from '../../domain/event/envelope.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { ScannedAccount, ScannedIssue, ScanPlace } from '../../engine/ports.ts'

export interface TextVersion {
  readonly at: Millis
  /** Null: it cannot be read any more, or is one of many older ones. */
  readonly text: string | null
  readonly byAuthor: boolean
}

export interface CommentHistory {
  /** Somebody other than its author had the last word. */
  readonly editedByOther: boolean
  /** Oldest first; the last is what stands there now. */
  readonly versions: readonly TextVersion[]
}

export interface PullSeen {
  readonly number: number
  /** As tasks know it: a merge into another branch than the default one is `closed`. */
  readonly state: 'open' | 'merged' | 'closed'
  readonly branch: string
  readonly headSha: string
  /** Whether the branch is in the repository itself. */
  readonly isOwn: boolean
  readonly closedAt: Millis | null
  /** Its text now, while it is open; else as it stood when it was closed. Empty when that is not known. */
  readonly text: string
}

/** What somebody did to an issue, by the name that GitHub gives it. */
export type IssueAct =
  { readonly event: 'reopened' } | { readonly event: 'renamed' } | { readonly event: 'labeled'; readonly label: string }

export interface ScanFacts {
  /** By node id; those that are gone are left out. */
  commentHistories(place: ScanPlace, nodeIds: readonly string[]): Promise<ReadonlyMap<string, CommentHistory>>
  /** Those that are gone are left out. */
  pulls(place: ScanPlace, nodeIds: readonly string[]): Promise<readonly PullSeen[]>
  /** Who did it last; null: nobody, as far as the newest events say. */
  lastActor(place: ScanPlace, issue: number, act: IssueAct): Promise<ScannedAccount | null>
}

/** What we wrote or saw last, to pass over what is not news. */
export interface AsKnown {
  issue(stream: StreamId, seen: Pick<ScannedIssue, 'title' | 'open' | 'labels'>): Promise<boolean>
  /** A comment of ours: whether it stands as we wrote it. True for all that are no record. */
  comment(stream: StreamId, comment: { readonly nodeId: string; readonly body: string }): Promise<boolean>
}

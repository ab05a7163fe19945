/** What the ledger and a restore need of GitHub, named by what it is for. github-comments.ts and github-ledger-issues.ts implement it over the client; tests in memory. */
import type { Actor } from '../../domain/actor.ts'
import type { Millis } from '../../domain/event/envelope.ts'

/** The two names that GitHub has for a thing. */
export interface Place {
  readonly nodeId: string
  readonly id: number
}

export interface IssuePlace extends Place {
  readonly number: number
  readonly repositoryId: number
}

/** A comment as it stands, and who has had a hand in it. */
export interface HeldComment extends Place {
  readonly issue: IssuePlace
  readonly body: string
  /** The App that wrote it, or null for people. */
  readonly appId: number | null
  /** Whether somebody other than its author edited it last. */
  readonly editedByOther: boolean
  readonly updatedAt: Millis
}

/** A comment without its text. */
export interface CommentState extends Place {
  /** Whether somebody other than its author edited it last. */
  readonly editedByOther: boolean
  /** Who that was; null: nobody edited it, or nobody knows. */
  readonly editor: Actor | null
}

export interface ReplicaReader {
  /** In the order asked for; null where a comment is gone. */
  comments(nodeIds: readonly string[]): Promise<readonly (HeldComment | null)[]>
  /** The same without the texts. Throws where GitHub fails to show some. */
  states(nodeIds: readonly string[]): Promise<readonly (CommentState | null)[]>
  /** All comments of an issue, oldest first. */
  commentsOf(issue: IssuePlace): Promise<readonly HeldComment[]>
  /** Comments with a record in them, anywhere in the repository, that were changed at or after `since` (null: all). */
  recordsSince(since: Millis | null): Promise<readonly HeldComment[]>
  /** Bodies that the comment's author gave it, newest first; without those that were removed from the history. */
  ownVersions(nodeId: string): Promise<readonly string[]>
}

export interface RepositoryPlace {
  readonly id: number
  readonly nodeId: string
  /** `owner/name`. */
  readonly name: string
}

export interface LedgerIssue extends IssuePlace {
  readonly locked: boolean
  readonly open: boolean
  /** Whether its body still says that it is the ledger of this repository. */
  readonly marked: boolean
  /** When it was last closed, and when anything of it last changed; ISO 8601. */
  readonly closedAt: string | null
  readonly updatedAt: string
}

/** What people may have changed of a ledger issue itself. */
export type LedgerIssueField = 'open' | 'text' | 'lock'

export interface LedgerIssues {
  /**
   * Issues of the repository that our App (or another trusted one) made as ledgers, lowest number first. `known` is the number
   * of the one that was used last: it counts also when somebody took the mark out of its body.
   */
  find(repository: Pick<RepositoryPlace, 'id' | 'name'>, known?: number | null): Promise<readonly LedgerIssue[]>
  create(repository: Pick<RepositoryPlace, 'id' | 'name'>): Promise<LedgerIssue>
  /** Opens it, gives it our text, locks and pins it (as far as there is room for pins). Answers with what GitHub refused. Doing it again changes nothing. */
  mend(issue: LedgerIssue, fields: readonly LedgerIssueField[]): Promise<readonly LedgerIssueField[]>
  /** Closes a double and says which one counts. */
  retire(issue: LedgerIssue, canonical: LedgerIssue): Promise<void>
}

export type CommentWrite =
  | { readonly kind: 'create'; readonly body: string }
  | { readonly kind: 'update'; readonly nodeId: string; readonly body: string }
  | { readonly kind: 'delete'; readonly nodeId: string }
  /** Folded up for people, as resolved. */
  | { readonly kind: 'minimise'; readonly nodeId: string }

export type CommentWritten =
  | { readonly outcome: 'done'; readonly place: Place | null }
  /** Nothing was done. `gone`: the comment is not there any more. */
  | { readonly outcome: 'refused'; readonly gone: boolean }
  /** Nobody knows. */
  | { readonly outcome: 'unsure' }

export interface CommentWriter {
  /** In one request, in this order; answers in the same order. Throws when the whole request failed. */
  write(issue: IssuePlace, writes: readonly CommentWrite[]): Promise<readonly CommentWritten[]>
}

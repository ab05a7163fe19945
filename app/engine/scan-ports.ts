/** What a scan reads of a repository: rows of GitHub's lists as they stood when they were read. Facts to look at; their order says nothing. */
import type { Millis } from '../domain/event/envelope.ts'

/** A repository as our App reaches it. */
export interface ScanPlace {
  readonly installationId: number
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
  readonly repositoryNodeId: string
  /** Login of the account that owns it. */
  readonly owner: string
}

export interface ScannedAccount {
  readonly id: number
  readonly login: string
  readonly isBot: boolean
}

export interface ScannedComment {
  readonly id: number
  readonly nodeId: string
  readonly body: string
  readonly updatedAt: Millis
  /** Null: the account is gone. */
  readonly author: ScannedAccount | null
  /** The App it was written through, or null. */
  readonly appId: number | null
  readonly issue: { readonly number: number; readonly isPullRequest: boolean }
}

/** An issue, or a pull request as the list of issues shows it. */
export interface ScannedIssue {
  readonly nodeId: string
  readonly number: number
  readonly isPullRequest: boolean
  readonly title: string
  readonly open: boolean
  readonly locked: boolean
  readonly labels: readonly string[]
  readonly updatedAt: Millis
  readonly author: ScannedAccount | null
}

/** What to ask a list for. */
export interface ScanAsk {
  /** Whole seconds, as GitHub compares them. */
  readonly since: Millis
  /** From 1. */
  readonly page: number
  /** Of an answer to the very same question: unchanged, it costs nothing. */
  readonly etag: string | null
}

export type ScanAnswer<Row> =
  | { readonly unchanged: true }
  | {
      readonly unchanged: false
      /** By `updatedAt`, oldest first. */
      readonly rows: readonly Row[]
      readonly isLast: boolean
      readonly etag: string | null
    }

/** One request each. */
export interface ScanSource {
  comments(place: ScanPlace, ask: ScanAsk): Promise<ScanAnswer<ScannedComment>>
  issues(place: ScanPlace, ask: ScanAsk): Promise<ScanAnswer<ScannedIssue>>
  /** Repositories that the App can reach, as far as it is told. Several requests. */
  installed(): Promise<readonly ScanPlace[]>
}

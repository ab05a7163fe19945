/**
 * What we last wrote to one issue and its pull requests: the base of the three-way comparison. Kept as a document beside
 * the log, not part of the truth: without it the next reconcile looks at GitHub first and lets the desired state win once.
 */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import { createNotes, type Note, type Notes } from '../notes.ts'
import type { AppliedRelations } from '../relations/edges.ts'

/** The issue, by the names that GitHub's two interfaces want. */
export interface IssueIds {
  readonly nodeId: string
  readonly id: number
  readonly number: number
  readonly repositoryNodeId: string
  readonly repositoryId: number
}

export interface AppliedComment {
  readonly nodeId: string
  readonly id: number
  /** SHA-256 of the body. */
  readonly hash: string
}

export interface AppliedRecord extends AppliedComment {
  readonly rev: number
}

export interface AppliedCheck {
  readonly nodeId: string
  readonly id: number
  readonly name: string
  readonly externalId: string
  readonly headSha: string
  /** SHA-256 of everything but the annotations. */
  readonly hash: string
  readonly completed: boolean
  /** How many of its annotations GitHub has: they are appended, never resent. */
  readonly annotated: number
}

/** A repair of one field; too many in an hour mean that somebody else keeps changing it back. */
export interface Correction {
  readonly field: string
  readonly at: Millis
}

export interface ReplicaBase extends Note {
  readonly issue: IssueIds
  readonly title: string
  readonly open: boolean
  /** Since when the task was done that the issue was closed for: once, so that whoever opens it again has the last word. */
  readonly closedFor?: Millis | null
  /** Ours only, lower case, sorted. */
  readonly labels: readonly string[]
  readonly record: AppliedRecord | null
  /** Absent: nobody has looked at its relations yet. */
  readonly relations?: AppliedRelations
  /** By checkKey. */
  readonly checks: Readonly<Record<string, AppliedCheck>>
  /** Hashes of checks that GitHub would not create, say because it lacks the commit, by checkKey: not asked for again as they are. */
  readonly refused?: Readonly<Record<string, string>>
  /** By the pull request's number. */
  readonly pullComments: Readonly<Record<string, AppliedComment>>
  /** Keys of creates that were sent and whose answer never came: looked for before they are sent again. */
  readonly unsure: readonly string[]
  /** Creates that were repeated although the first may have been done: looked for again when GitHub's replicas have caught up. */
  readonly lookAgain: { readonly at: Millis; readonly keys: readonly string[] } | null
  /** When to look once more, because the last look may have been shown GitHub's past; absent or null: no need. */
  readonly secondLookAt?: Millis | null
  readonly writtenAt: Millis
  readonly observedAt: Millis
  readonly corrections: readonly Correction[]
  /** Fields that are left alone for now, because somebody else keeps changing them back (see corrections.ts). */
  readonly held: readonly string[]
  /** Which of them people were told about on the thread. */
  readonly told?: readonly string[]
  /** Which of them do not show what the log knows. */
  readonly withheld?: readonly string[]
  /** The highest revision that was ever written here; absent: not known. */
  readonly shown?: number
}

const KIND = 'replica'

/** See notes.ts. */
export interface ReplicaBases extends Pick<Notes<ReplicaBase>, 'get' | 'put'> {
  /** What was written to GitHub may stand over what others wrote since: whoever comes next writes everything anew. */
  distrust(stream: StreamId): Promise<void>
  list(): Promise<readonly { readonly stream: StreamId; readonly base: ReplicaBase }[]>
}

/** For one piece of work. */
export const createReplicaBases = (documents: Documents): ReplicaBases => {
  const notes = createNotes<ReplicaBase>(documents, KIND)
  return {
    get: (stream) => notes.get(stream),
    put: (stream, base) => notes.put(stream, base),
    distrust: (stream) => notes.amend(stream, distrusted),
    list: async () => (await notes.list()).map(({ stream, note }) => ({ stream, base: note })),
  }
}

/** Equal to no text's. */
const UNKNOWN_HASH = ''

/** The places stay known; what stands there does not. */
const distrusted = (base: ReplicaBase): ReplicaBase => {
  const unknown = <Applied extends { readonly hash: string }>(all: Readonly<Record<string, Applied>>) =>
    Object.fromEntries(Object.entries(all).map(([key, applied]) => [key, { ...applied, hash: UNKNOWN_HASH }]))
  return {
    ...base,
    record: base.record === null ? null : { ...base.record, hash: UNKNOWN_HASH },
    checks: unknown(base.checks),
    pullComments: unknown(base.pullComments),
  }
}

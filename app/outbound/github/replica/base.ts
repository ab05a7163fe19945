/**
 * What we last wrote to one issue and its pull requests: the base of the three-way comparison. Kept as a document beside
 * the log, not part of the truth: without it the next reconcile looks at GitHub first and lets the desired state win once.
 */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'

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

export interface ReplicaBase {
  readonly v: 1
  readonly issue: IssueIds
  readonly title: string
  readonly open: boolean
  /** Ours only, lower case, sorted. */
  readonly labels: readonly string[]
  readonly record: AppliedRecord | null
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
  readonly writtenAt: Millis
  readonly observedAt: Millis
  readonly corrections: readonly Correction[]
  /** Fields that are left alone for now, because somebody else keeps changing them back. */
  readonly held: readonly string[]
}

const KIND = 'replica'

export interface ReplicaBases {
  get(stream: StreamId): Promise<ReplicaBase | null>
  put(stream: StreamId, base: ReplicaBase): Promise<void>
  list(): Promise<readonly { readonly stream: StreamId; readonly base: ReplicaBase }[]>
}

export const createReplicaBases = (documents: Documents): ReplicaBases => ({
  async get(stream) {
    return parseBase(await documents.get(KIND, stream))
  },
  put: (stream, base) => documents.put(KIND, stream, canonicalJson(base)),
  async list() {
    const rows = await documents.list(KIND)
    return rows.flatMap(({ key, value }) => {
      const base = parseBase(value)
      return base === null ? [] : [{ stream: key as StreamId, base }]
    })
  },
})

/** A document of another version is as good as none: the next reconcile looks first. */
const parseBase = (text: string | null): ReplicaBase | null => {
  if (text === null) return null
  const base = JSON.parse(text) as ReplicaBase
  return base.v === 1 ? base : null
}

/** What every stored event carries besides its data: place, time, who, why, and the link to the event before it. */
import type { Actor } from '../actor.ts'

/** Milliseconds since 1970-01-01T00:00Z; always handed in, never read from a clock here. */
export type Millis = number

/** `task/<repository id>/<issue number>`, `project/<repository id>` or `workspace/<account id>`: where the stream was born; a transfer does not rename it. */
export type StreamId = `task/${number}/${number}` | `project/${number}` | `workspace/${number}`

/** An event as `decide` makes it. `v` is the schema version of `data`; see upcast.ts. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly v: number
  readonly data: Data
}

/** An event as it stands in the log. `hash` covers everything else, `prev` is the hash of the event before (64 zeros for the first). */
export interface StoredEvent<Type extends string = string, Data = unknown> extends NewEvent<Type, Data> {
  readonly stream: StreamId
  /** 1 for the first event of the stream, then without gaps. */
  readonly version: number
  /** ULID. */
  readonly id: string
  readonly at: Millis
  readonly actor: Actor
  /** The identity of the command that caused it; one command never runs twice. */
  readonly cause: string
  readonly prev: string
  readonly hash: string
}

export const taskStream = (repositoryId: number, issueNumber: number): StreamId => `task/${repositoryId}/${issueNumber}`
export const isTaskStreamId = (text: string): text is StreamId => /^task\/\d{1,15}\/\d{1,15}$/.test(text)
export const projectStream = (repositoryId: number): StreamId => `project/${repositoryId}`
export const workspaceStream = (accountId: number): StreamId => `workspace/${accountId}`

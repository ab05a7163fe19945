/** What the engine needs from outside, named by role. Adapters in store/ and outbound/ implement it; compose.ts plugs them in. */
import type { Actor } from '../domain/actor.ts'
import type { Book } from '../domain/budget/books.ts'
import type { BookLimit } from '../domain/budget/limits.ts'
import type { Json } from '../domain/event/canonical-json.ts'
import type { Millis, StoredEvent, StreamId } from '../domain/event/envelope.ts'
import type { Edge } from '../domain/dependency/search-both-ways.ts'
import type { Project } from '../domain/project/project.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { Fence, IssueSpot, Task, TaskStatus } from '../domain/task/state.ts'
import type { Inbox, Outbox, OutboxItem } from './queue-ports.ts'

export type * from './queue-ports.ts'
export type * from './scan-ports.ts'

export interface Clock {
  now(): Millis
}

export interface Ids {
  /** A ULID that sorts after every one made before it in this process. */
  ulid(): string
}

/** What came of a command, kept under its cause so that a repetition gets the same answer and does nothing. */
export type Outcome = (
  | {
      readonly ok: true
      readonly stream: StreamId
      readonly version: number
      /** False: it held already, and no event was made. Left out otherwise, and unknown after a restore. */
      readonly changed?: false
    }
  | { readonly ok: false; readonly rejection: Rejection }
) & {
  /** Of what was asked, where the cause alone does not say it; see Asked. Unknown after a restore. */
  readonly fingerprint?: string
}

export interface LoadedStream {
  /** 0 before the first event. */
  readonly version: number
  /** Hash of the newest event; GENESIS_HASH before the first. */
  readonly head: string
  /** Canonical JSON of the folded state, or null before the first event. */
  readonly state: string | null
  /** The store's clock: the database server's on Postgres, the injected one on SQLite. */
  readonly now: Millis
  /** The volatile deadline of the stream's lease, or null. */
  readonly leaseUntil: Millis | null
}

/** What a projection row shows besides the state itself; computed by the engine from the state. */
export type IndexRow =
  | {
      readonly kind: 'task'
      readonly project: StreamId
      readonly key: string
      readonly number: number
      readonly status: TaskStatus
      /** When time has something to change in it that its lease's deadline does not say, or null. */
      readonly waitUntil: Millis | null
      readonly dependsOn: readonly StreamId[]
      /** Of a ready task, see schedule/rank.ts; null otherwise. */
      readonly rank: Millis | null
      readonly requires: readonly string[]
      /** Who holds its lease, or null. */
      readonly owner: string | null
      /** The task that it is a part of; absent and null: none. */
      readonly parent?: StreamId | null
      /** Its part in the books; left out: none. */
      readonly books?: readonly Book[]
      /** What its newest attempt with a known cost took; left out or null: there is none. */
      readonly lastCost?: LastCost | null
      /** Where its issue stands and stood, once it was transferred; left out: only where it was born. */
      readonly spots?: readonly IssueSpot[]
    }
  | {
      readonly kind: 'project'
      readonly repository: string
      readonly installationId: number
      readonly prefix: string
      /** Words to find its findings by, each of letters and digits; absent: it has none. */
      readonly findings?: readonly { readonly id: number; readonly words: readonly string[] }[]
    }

export interface LastCost {
  readonly at: Millis
  readonly microUsd: number | null
  readonly tokens: number | null
}

export interface StreamWrite {
  readonly stream: StreamId
  /** The version that was loaded; another writer in between makes the append a conflict. */
  readonly expectedVersion: number
  /** Complete and hashed; may be empty when only outbox or lease rows change. */
  readonly events: readonly StoredEvent[]
  /** Canonical JSON of the state after the events. */
  readonly state: string
  readonly index: IndexRow
}

/** `until` null removes the row. */
export interface LeaseRow {
  readonly stream: StreamId
  readonly fence: Fence
  readonly until: Millis | null
  /** The deadline that the decision rested on: when it has been moved since, the append is a conflict. Absent: whatever it is. */
  readonly from?: Millis
}

/** A shared fact that the decision rested on (a workspace's hierarchy, a budget): the append fails unless its version still stands. */
export interface Guard {
  readonly name: string
  readonly expectedVersion: number
}

/**
 * How many leases may be live at once, those of the append included: it fails when there are more. Whoever names the same
 * `name` counts one after the other.
 */
export interface Cap {
  readonly of: 'agent' | 'project' | 'workspace'
  readonly name: string
  /** Where is counted. */
  readonly projects: readonly StreamId[]
  /** Only the leases of this one; null: all. */
  readonly owner: string | null
  readonly most: number
}

export interface AppendBatch {
  readonly cause: string
  readonly outcome: Outcome
  readonly writes: readonly StreamWrite[]
  readonly leases: readonly LeaseRow[]
  readonly guards: readonly Guard[]
  /** Streams that the decision read and that the append does not write: it fails when one has moved on since. Left out: none. */
  readonly restsOn?: readonly { readonly stream: StreamId; readonly version: number }[]
  /** What the books may not be above once the writes' parts were added: only for what reserves. Left out: nothing. */
  readonly limits?: readonly BookLimit[]
  /** What the books may only reach with a warning. Left out: nothing. */
  readonly thresholds?: readonly BookLimit[]
  readonly outbox: readonly OutboxItem[]
  readonly caps?: readonly Cap[]
}

export type AppendResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly conflict: 'version' | 'guard' | 'limit' }
  /** An edge added by the write closes a circle: `path` leads from where the edge leads to back to where it starts. */
  | { readonly ok: false; readonly conflict: 'cycle'; readonly path: readonly StreamId[] }
  | { readonly ok: false; readonly conflict: 'cap'; readonly cap: Cap }
  | { readonly ok: false; readonly conflict: 'cause'; readonly outcome: Outcome }

export interface EventLog {
  load(stream: StreamId): Promise<LoadedStream>
  /** Events after version `after`, in order. */
  read(stream: StreamId, after?: number): Promise<readonly StoredEvent[]>
  /** The state that an imported stream begins with, when its first events are not in this log. */
  base(stream: StreamId): Promise<{ readonly version: number; readonly head: string; readonly state: string } | null>
  streams(): Promise<readonly StreamId[]>
  findOutcome(cause: string): Promise<Outcome | null>
  /** One transaction, all or nothing; durable when it resolves. Streams and guards are locked in sorted order. */
  append(batch: AppendBatch): Promise<AppendResult>
  /** The version of a guard, 0 before its first use. */
  guardVersion(name: string): Promise<number>
  /**
   * Puts a stream in place from a replica: a base state at a version and the events after it. Refuses (false), and writes
   * nothing, when the stream here is further already or is no beginning of the imported one. The causes of the imported
   * events count as done.
   */
  importStream(imported: ImportedStream): Promise<boolean>
  /** Recomputes every projection from base states and events with the given fold; returns how many rows differed before. */
  rebuild(fold: Fold): Promise<number>
}

export interface ImportedStream {
  readonly stream: StreamId
  /** The state before `events`, when they do not start at version 1. */
  readonly base: { readonly version: number; readonly head: string; readonly state: string } | null
  readonly events: readonly StoredEvent[]
  /** What is known from before the base, in order, with gaps; no state rests on it. Left out: nothing. */
  readonly older?: readonly StoredEvent[]
  readonly state: string
  readonly index: IndexRow
  readonly leases: readonly LeaseRow[]
}

/** State and index row of a stream after more events; the engine's, handed to the store for rebuilds. */
export type Fold = (
  stream: StreamId,
  base: string | null,
  events: readonly StoredEvent[],
) => { readonly state: string; readonly index: IndexRow }

/** A task that may be taken, as far as choosing needs it. */
export interface ReadyTask {
  readonly stream: StreamId
  readonly rank: Millis
  /** Capabilities that whoever takes it must have. */
  readonly requires: readonly string[]
}

/** Reads over the projections. */
export interface Projections {
  task(stream: StreamId): Promise<{ readonly task: Task; readonly version: number } | null>
  /** Case-insensitive; keys are unique in a workspace. */
  taskByKey(project: StreamId, key: string): Promise<Task | null>
  /** The task whose issue stands there, or once stood there: numbers are never given twice. */
  taskAt(project: StreamId, number: number): Promise<{ readonly task: Task; readonly version: number } | null>
  /** Tasks that had this key before their issue was transferred, in no order; `project`: that gave it, or null for any. Case-insensitive. */
  tasksByFormerKey(project: StreamId | null, key: string): Promise<readonly Task[]>
  tasks(project: StreamId): Promise<readonly Task[]>
  /** Those of these tasks that exist, in no order. */
  tasksOf(streams: readonly StreamId[]): Promise<readonly Task[]>
  project(stream: StreamId): Promise<Project | null>
  projects(): Promise<readonly Project[]>
  /** `owner/name`, case-insensitive. */
  projectByRepository(repository: string): Promise<Project | null>
  /** Tasks that are ready, in the order of their rank, those behind `after`. Reads no states. */
  ready(project: StreamId, limit: number, after?: ReadyTask): Promise<readonly ReadyTask[]>
  /** Tasks that somebody holds, with the volatile deadlines of their leases. */
  held(project: StreamId): Promise<readonly { readonly task: Task; readonly leaseUntil: Millis | null }[]>
  /** How many tasks of the project stand where, statuses without any left out. */
  standing(project: StreamId): Promise<Readonly<Partial<Record<TaskStatus, number>>>>
  /** Ids of the project's findings in which a word begins with one of these, in order. */
  findings(project: StreamId, words: readonly string[]): Promise<readonly number[]>
  /** Tasks that depend on this one. */
  dependents(stream: StreamId): Promise<readonly StreamId[]>
  /** Streams whose lease deadline or backoff is over, oldest first. */
  due(limit: number): Promise<readonly StreamId[]>
  /** Canonical JSON of all projections: sorted keys, rows by key; no secrets, inbox, outbox, lease clocks or caches. */
  dump(): Promise<string>
}

/** Reads over the dependency graph and the hierarchy, of all projects. Both are projections of the tasks' states; no append stores an edge that closes a circle. */
export interface Graph {
  /** The edges that lead to these tasks. */
  dependents(streams: readonly StreamId[]): Promise<readonly Edge[]>
  children(streams: readonly StreamId[]): Promise<readonly { readonly stream: StreamId; readonly parent: StreamId }[]>
}

export interface Books {
  /** The rows of these scopes in these periods, as far as there are any. */
  read(scopes: readonly string[], periods: readonly string[]): Promise<readonly Book[]>
  /** What of the rows is this stream's: its part as it was when it was last written, which may be by an earlier version. */
  partOf(stream: StreamId): Promise<readonly Book[]>
  /** Of the project's tasks whose costs became known last, newest first. */
  lastCosts(project: StreamId, limit: number): Promise<readonly LastCost[]>
}

export interface Leases {
  /** Moves the deadline of the lease with this fence to `ttlMs` from now, unless it has run out. The new deadline, or null. No event. */
  renew(stream: StreamId, fence: Fence, ttlMs: Millis): Promise<Millis | null>
  /** Gives every live lease at least `ttlOf` from now: downtime is never a strike. */
  extendAll(ttlOf: (stream: StreamId) => Promise<Millis>): Promise<number>
  /** Forgets a deadline that has passed; for a stream that has no lease any more. */
  dropOver(stream: StreamId): Promise<void>
  /** When any replica last said that it was alive; null: never. */
  lastAlive(): Promise<Millis | null>
  /** The same, and says so now. */
  beat(): Promise<Millis | null>
}

/** Small documents that adapters remember by name (what was last written to GitHub, cursors). Not part of the dump. */
export interface Documents {
  get(kind: string, key: string): Promise<string | null>
  put(kind: string, key: string, value: string): Promise<void>
  /**
   * Puts `after` where `before` still stands; null is no document, before as after. False: something else stands there, and
   * it stays. What comes back to an earlier value cannot be told from what never changed.
   */
  replace(kind: string, key: string, before: string | null, after: string | null): Promise<boolean>
  delete(kind: string, key: string): Promise<void>
  list(kind: string): Promise<readonly { readonly key: string; readonly value: string }[]>
}

/** Token buckets shared by all replicas. */
export interface RateBuckets {
  /** Takes `cost` from every bucket, or nothing and says how long to wait. */
  take(
    buckets: readonly BucketDemand[],
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly waitMs: Millis }>
  /** Empties a bucket until then: GitHub told us to wait. */
  block(name: string, until: Millis): Promise<void>
}

export interface RefundingBuckets extends RateBuckets {
  /** Puts back what was taken for nothing; a full bucket stays full. */
  giveBack(name: string, cost: number): Promise<void>
}

export interface BucketDemand {
  readonly name: string
  readonly cost: number
  readonly capacity: number
  readonly refillPerSecond: number
}

/** Looks at values with JSON Schemas (draft 2020-12) that others wrote: bounded in size and time, and fetching nothing. */
export interface SchemaJudge {
  /** Why the schema, as canonical text, may not be kept; null: it may. */
  refuse(schema: string): Promise<string | null>
  /** What of the value is not as the schema says, a few clauses; none: it fits. */
  problems(schema: string, value: Json): Promise<readonly string[]>
}

/** Keys are stored as SHA-256 only. */
export interface AgentKeys {
  add(key: { readonly hash: string; readonly agent: string; readonly project: StreamId }): Promise<void>
  /** Forgets every key of the agent in the project; returns how many there were. */
  revoke(agent: string, project: StreamId): Promise<number>
  find(hash: string): Promise<{ readonly agent: string; readonly project: StreamId } | null>
  /** Whether the agent has a key of the project. */
  opens(agent: string, project: StreamId): Promise<boolean>
}

export interface Store {
  readonly log: EventLog
  readonly projections: Projections
  readonly graph: Graph
  readonly books: Books
  readonly leases: Leases
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly documents: Documents
  readonly buckets: RefundingBuckets
  readonly agentKeys: AgentKeys
  /**
   * To be called before working through inbox and outbox; false: another process already does, and this store allows one.
   * Claims that a dead process left behind are free again where it is certain that it is dead.
   */
  startWorking(): Promise<boolean>
  /** Writes a consistent copy to a path (SQLite) or throws with the next step (Postgres: pg_dump). */
  backup(path: string): Promise<void>
  close(): Promise<void>
}

/** A command on its way to `decide`. */
export interface Asked<Command> {
  readonly stream: StreamId
  readonly command: Command
  readonly actor: Actor
  /** Its identity; see the cause builders in engine/cause.ts. */
  readonly cause: string
  /**
   * SHA-256 of what is asked, for causes that whoever asks has made up: the same cause with another one is refused. Absent
   * where the cause itself says what is asked.
   */
  readonly fingerprint?: string | undefined
  /** Whoever asks has something else to try under the same cause: a refusal is not kept. */
  readonly tentative?: true
}

/** The columns of every table, for the query builder. Times are milliseconds; JSON is canonical text. The tables themselves are made by migrations/. */
import type { GeneratedAlways } from 'kysely'

export interface EventsTable {
  stream: string
  version: number
  id: string
  type: string
  v: number
  at: number
  actor: string
  cause: string
  data: string
  prev: string
  hash: string
}

/** One row per stream: its head, its folded state, and what lists and searches need of the state. Rebuilt from bases and events. */
export interface StreamsTable {
  stream: string
  version: number
  head: string
  state: string
  kind: 'task' | 'project'
  /** Tasks: the project's stream. */
  project: string | null
  /** Tasks: the key in lower case. Projects: `owner/name` in lower case. */
  search: string
  /** Tasks: when time has something to change in it that its lease's deadline does not say. */
  wait_until: number | null
  /** The streams this one depends on, as canonical JSON; the same as its rows in edges. */
  depends_on: string
  /** Tasks only, like those below. */
  status: string | null
  /** When it should be taken at the latest; null unless it is ready. */
  rank: number | null
  /** The capabilities that it needs, as canonical JSON; null: none. */
  requires: string | null
  /** Who holds its lease; null: nobody. */
  owner: string | null
  /** Tasks: the stream of the task that it is a part of. */
  parent: string | null
  /** Its part in the books, as canonical JSON: what its rows were added from. */
  books: string
  /** When the newest attempt whose cost is known ended, and that cost. */
  cost_at: number | null
  cost_micro_usd: number | null
  cost_tokens: number | null
}

export interface BooksTable {
  scope: string
  period: string
  reserved_micro_usd: number
  reserved_tokens: number
  spent_micro_usd: number
  spent_tokens: number
  warned: number
}

export interface EdgesTable {
  stream: string
  depends_on: string
}

/** Where the issues of transferred tasks stand and stood. Rebuilt from states. */
export interface SpotsTable {
  project: string
  number: number
  stream: string
  /** In lower case. */
  key: string
}

/** A number that is above those of all that a task depends on; 0 where there is no row. Rebuilt from edges, and not always the same. */
export interface LevelsTable {
  stream: string
  level: number
}

/** The edges that levels do not hold, because they were imported and close a circle. */
export interface LoopsTable {
  stream: string
  depends_on: string
}

/** Where a stream starts that was imported without its oldest events. */
export interface BasesTable {
  stream: string
  version: number
  head: string
  state: string
}

export interface OutcomesTable {
  cause: string
  outcome: string
  at: number
}

export interface GuardsTable {
  name: string
  version: number
}

export interface LeasesTable {
  stream: string
  fence_epoch: number
  fence_n: number
  until: number
}

export interface InboxTable {
  /** Order of arrival. */
  seq: GeneratedAlways<number>
  id: string
  name: string
  queue: string | null
  position: number
  body: string
  received_at: number
  not_before: number
  state: 'waiting' | 'done' | 'aside'
  tries: number
  /** 0: not claimed. */
  claimed_until: number
  error: string | null
  finished_at: number | null
}

export interface OutboxTable {
  key: string
  kind: string
  queue: string | null
  payload: string
  due_at: number
  /** 0 command, 1 result, 2 cosmetic. */
  lane: number
  generation: number
  tries: number
  /** 0: not claimed. */
  claimed_until: number
  /** Which generation the claim was made for; 0 without a claim. */
  claimed_generation: number
  /** Tells this claim from every other one; null without a claim. */
  claim: string | null
  error: string | null
}

export interface DocumentsTable {
  kind: string
  key: string
  value: string
}

export interface BucketsTable {
  name: string
  tokens: number
  counted_at: number
  blocked_until: number
}

export interface AgentKeysTable {
  hash: string
  agent: string
  project: string
}

export interface LivenessTable {
  name: string
  at: number
}

export interface MigrationsTable {
  name: string
  at: number
}

export interface Tables {
  events: EventsTable
  streams: StreamsTable
  edges: EdgesTable
  spots: SpotsTable
  levels: LevelsTable
  loops: LoopsTable
  books: BooksTable
  bases: BasesTable
  outcomes: OutcomesTable
  guards: GuardsTable
  leases: LeasesTable
  inbox: InboxTable
  outbox: OutboxTable
  documents: DocumentsTable
  buckets: BucketsTable
  agent_keys: AgentKeysTable
  liveness: LivenessTable
  migrations: MigrationsTable
}

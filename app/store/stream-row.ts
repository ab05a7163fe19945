/** The head row of a stream, with what lists and searches need of its state. Its edges are written by put-edges.ts. */
import type { Insertable } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { IndexRow } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'
import { NO_EDGES } from './put-edges.ts'
import type { StreamsTable } from './tables.ts'

export interface StreamHead {
  readonly version: number
  readonly head: string
  readonly state: string
}

export const streamRow = (stream: StreamId, head: StreamHead, index: IndexRow): Insertable<StreamsTable> => ({
  stream,
  ...head,
  kind: index.kind,
  project: index.kind === 'task' ? index.project : null,
  search: (index.kind === 'task' ? index.key : index.repository).toLowerCase(),
  wait_until: index.kind === 'task' ? index.waitUntil : null,
  depends_on: index.kind === 'task' ? canonicalJson([...new Set(index.dependsOn)].sort()) : NO_EDGES,
  parent: index.kind === 'task' ? (index.parent ?? null) : null,
  ...(index.kind === 'task' ? inOrder(index) : { status: null, rank: null, requires: null, owner: null }),
})

export const inOrder = (
  task: Pick<IndexRow & { readonly kind: 'task' }, 'status' | 'rank' | 'requires' | 'owner'>,
) => ({
  status: task.status,
  rank: task.rank,
  requires: task.requires.length === 0 ? null : canonicalJson(task.requires),
  owner: task.owner,
})

export interface LockedStream {
  readonly version: number
  readonly head: string
  readonly depends_on: string
}

/** The streams that exist, locked in sorted order until the transaction ends. */
export const lockStreams = async (
  database: Database,
  db: Connection,
  streams: readonly StreamId[],
): Promise<ReadonlyMap<string, LockedStream>> => {
  if (streams.length === 0) return new Map()
  const rows = await db
    .selectFrom('streams')
    .select(['stream', 'version', 'head', 'depends_on'])
    .where('stream', 'in', [...streams].sort())
    .orderBy('stream')
    // On SQLite the whole transaction holds the only write lock.
    .$if(database.dialect === 'postgres', (query) => query.forUpdate())
    .execute()
  return new Map(rows.map((row) => [row.stream, row]))
}

/** Writes the head row. False when another writer made the stream meanwhile. */
export const putStream = async (
  db: Connection,
  row: Insertable<StreamsTable>,
  before: LockedStream | undefined,
): Promise<boolean> => {
  if (before === undefined) {
    const result = await db
      .insertInto('streams')
      .values(row)
      .onConflict((conflict) => conflict.column('stream').doNothing())
      .executeTakeFirst()
    if (result.numInsertedOrUpdatedRows === 0n) return false
  } else {
    const { stream, ...columns } = row
    await db.updateTable('streams').set(columns).where('stream', '=', stream).execute()
  }
  return true
}

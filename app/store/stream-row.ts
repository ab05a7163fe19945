/** The head row of a stream, with what lists and searches need of its state. Its edges are written by put-edges.ts. */
import type { Insertable } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import { booksBetween, sumBooks, type Book } from '../domain/budget/books.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { IndexRow } from '../engine/ports.ts'
import { parseBooks } from './book-row.ts'
import type { Connection, Database } from './database.ts'
import { NO_EDGES } from './put-edges.ts'
import type { StreamsTable } from './tables.ts'

export interface StreamHead {
  readonly version: number
  readonly head: string
  readonly state: string
}

const NO_BOOKS = '[]'

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
  ...costColumns(index),
})

export const inOrder = (
  task: Pick<IndexRow & { readonly kind: 'task' }, 'status' | 'rank' | 'requires' | 'owner'>,
) => ({
  status: task.status,
  rank: task.rank,
  requires: task.requires.length === 0 ? null : canonicalJson(task.requires),
  owner: task.owner,
})

const costColumns = (index: IndexRow) => {
  const { books = [], lastCost = null } = index.kind === 'task' ? index : {}
  return {
    books: canonicalJson(sumBooks(books)),
    cost_at: lastCost?.at ?? null,
    cost_micro_usd: lastCost?.microUsd ?? null,
    cost_tokens: lastCost?.tokens ?? null,
  }
}

export interface LockedStream {
  readonly version: number
  readonly head: string
  readonly depends_on: string
  readonly books: string
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
    .select(['stream', 'version', 'head', 'depends_on', 'books'])
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

/** What the new row adds to the books beside what the stream stood for before. */
export const booksAdded = (
  before: Pick<LockedStream, 'books'> | undefined,
  row: Pick<Insertable<StreamsTable>, 'books'>,
): readonly Book[] => {
  const was = before?.books ?? NO_BOOKS
  return was === row.books ? [] : booksBetween(parseBooks(was), parseBooks(row.books))
}

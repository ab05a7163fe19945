/** The head row of a stream and its edges: the only writer of both tables. */
import type { Insertable } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import { booksBetween, sumBooks, type Book } from '../domain/budget/books.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { IndexRow } from '../engine/ports.ts'
import { parseBooks } from './book-row.ts'
import { inChunks } from './chunks.ts'
import type { Connection, Database } from './database.ts'
import type { StreamsTable } from './tables.ts'

export interface StreamHead {
  readonly version: number
  readonly head: string
  readonly state: string
}

const NO_EDGES = '[]'
const NO_BOOKS = '[]'

export const streamRow = (stream: StreamId, head: StreamHead, index: IndexRow): Insertable<StreamsTable> => ({
  stream,
  ...head,
  kind: index.kind,
  project: index.kind === 'task' ? index.project : null,
  search: (index.kind === 'task' ? index.key : index.repository).toLowerCase(),
  wait_until: index.kind === 'task' ? index.waitUntil : null,
  depends_on: index.kind === 'task' ? canonicalJson([...new Set(index.dependsOn)].sort()) : NO_EDGES,
  ...costColumns(index),
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

/** Writes the head row and, where they changed, the edges. False when another writer made the stream meanwhile. */
export const putStream = async (
  db: Connection,
  row: Insertable<StreamsTable>,
  before: Pick<LockedStream, 'depends_on'> | undefined,
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
  if (row.depends_on !== (before?.depends_on ?? NO_EDGES)) await replaceEdges(db, row.stream, row.depends_on)
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

export const replaceEdges = async (db: Connection, stream: string, dependsOn: string): Promise<void> => {
  await db.deleteFrom('edges').where('stream', '=', stream).execute()
  const edges = (JSON.parse(dependsOn) as readonly string[]).map((depends_on) => ({ stream, depends_on }))
  await inChunks(edges, (chunk) =>
    db
      .insertInto('edges')
      .values([...chunk])
      .execute(),
  )
}

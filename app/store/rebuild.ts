/** Recomputes every projection from bases and events, one stream per transaction so that others can work in between. */
import { sql, type Selectable } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import { GENESIS_HASH } from '../domain/event/hash-chain.ts'
import type { Fold } from '../engine/ports.ts'
import { recountBooks } from './book-row.ts'
import type { Database } from './database.ts'
import { dropFindings, putFindings } from './finding-index.ts'
import { dropSpots, mendSpots } from './issue-spots.ts'
import { readEvents } from './event-row.ts'
import { putEdges, rebuildLevels } from './put-edges.ts'
import { streamRow } from './stream-row.ts'
import type { StreamsTable } from './tables.ts'

/** How many streams' rows, edges or levels, and rows of the books, were not as the events say; they are put right. */
export const rebuild = async (database: Database, fold: Fold): Promise<number> => {
  const { rows } = await database.read((db) =>
    sql<{ stream: string }>`select stream from events union select stream from bases
      union select stream from streams union select stream from edges union select project from finding_index union select stream from spots`.execute(
      db,
    ),
  )
  let differing = 0
  for (const stream of rows.map((row) => row.stream).sort()) {
    if (await rebuildStream(database, fold, stream as StreamId)) differing += 1
  }
  const levels = await database.write((db) => rebuildLevels(database, db))
  return differing + levels + (await recountBooks(database))
}

const rebuildStream = (database: Database, fold: Fold, stream: StreamId): Promise<boolean> =>
  database.write(async (db) => {
    const before = await db
      .selectFrom('streams')
      .selectAll()
      .where('stream', '=', stream)
      .$if(database.dialect === 'postgres', (query) => query.forUpdate())
      .executeTakeFirst()
    const edges = await db.selectFrom('edges').select('depends_on').where('stream', '=', stream).execute()
    const edgesBefore = JSON.stringify(edges.map((edge) => edge.depends_on).sort())

    const base = await db.selectFrom('bases').selectAll().where('stream', '=', stream).executeTakeFirst()
    const events = await readEvents(db, stream, base?.version ?? 0)
    const newest = events.at(-1)
    if (base === undefined && newest === undefined) {
      // A projection of nothing.
      await db.deleteFrom('streams').where('stream', '=', stream).execute()
      await db.deleteFrom('edges').where('stream', '=', stream).execute()
      await dropFindings(db, stream)
      await dropSpots(db, stream)
      return true
    }
    const { state, index } = fold(stream, base?.state ?? null, events)
    const version = newest?.version ?? base?.version ?? 0
    const row = streamRow(stream, { version, head: newest?.hash ?? base?.head ?? GENESIS_HASH, state }, index)
    const rowDiffers = before === undefined || !isSame(before, row as Selectable<StreamsTable>)
    if (rowDiffers) {
      const { stream: _, ...columns } = row
      await db
        .insertInto('streams')
        .values(row)
        .onConflict((conflict) => conflict.column('stream').doUpdateSet(columns))
        .execute()
    }
    const edgesDiffer = edgesBefore !== row.depends_on
    if (edgesDiffer) await putEdges(database, db, [{ stream, before: edgesBefore, after: row.depends_on }])
    const findingsDiffer = await putFindings(db, stream, index)
    const spotsDiffer = await mendSpots(db, stream, index)
    return rowDiffers || edgesDiffer || findingsDiffer || spotsDiffer
  })

const isSame = (a: Selectable<StreamsTable>, b: Selectable<StreamsTable>): boolean =>
  (Object.keys(b) as (keyof StreamsTable)[]).every((column) => a[column] === b[column])

/** An event as a row and back. Rows hold canonical text, so that what is read hashes to what was written. */
import type { Insertable, Selectable } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StoredEvent, StreamId } from '../domain/event/envelope.ts'
import type { Connection } from './database.ts'
import { inChunks } from './chunks.ts'
import type { EventsTable } from './tables.ts'

const toRow = (event: StoredEvent): Insertable<EventsTable> => ({
  stream: event.stream,
  version: event.version,
  id: event.id,
  type: event.type,
  v: event.v,
  at: event.at,
  actor: canonicalJson(event.actor),
  cause: event.cause,
  data: canonicalJson(event.data),
  prev: event.prev,
  hash: event.hash,
})

const fromRow = (row: Selectable<EventsTable>): StoredEvent => ({
  stream: row.stream as StreamId,
  version: row.version,
  id: row.id,
  type: row.type,
  v: row.v,
  at: row.at,
  actor: JSON.parse(row.actor) as StoredEvent['actor'],
  cause: row.cause,
  data: JSON.parse(row.data) as unknown,
  prev: row.prev,
  hash: row.hash,
})

export const insertEvents = (db: Connection, events: readonly StoredEvent[]): Promise<void> =>
  inChunks(events, (chunk) => db.insertInto('events').values(chunk.map(toRow)).execute())

/** Events after version `after`, in order. */
export const readEvents = async (db: Connection, stream: StreamId, after: number): Promise<readonly StoredEvent[]> => {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('stream', '=', stream)
    .where('version', '>', after)
    .orderBy('version')
    .execute()
  return rows.map(fromRow)
}

/** The event log as the engine sees it. */
import { sql } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import { GENESIS_HASH } from '../domain/event/hash-chain.ts'
import type { EventLog, LoadedStream } from '../engine/ports.ts'
import { append, findOutcome } from './append.ts'
import type { Database } from './database.ts'
import { readEvents } from './event-row.ts'
import { importStream } from './import-stream.ts'
import { rebuild } from './rebuild.ts'

export const createEventLog = (database: Database): EventLog => ({
  load: (stream) => load(database, stream),
  read: (stream, after = 0) => database.read((db) => readEvents(db, stream, after)),
  base: async (stream) => {
    const row = await database.read((db) =>
      db.selectFrom('bases').select(['version', 'head', 'state']).where('stream', '=', stream).executeTakeFirst(),
    )
    // Rows of the embedded driver have no prototype.
    return row === undefined ? null : { ...row }
  },
  streams: async () => {
    const rows = await database.read((db) => db.selectFrom('streams').select('stream').execute())
    return rows.map((row) => row.stream as StreamId).sort()
  },
  findOutcome: (cause) => database.read((db) => findOutcome(db, cause)),
  append: (batch) => append(database, batch),
  guardVersion: async (name) => {
    const row = await database.read((db) =>
      db.selectFrom('guards').select('version').where('name', '=', name).executeTakeFirst(),
    )
    return row?.version ?? 0
  },
  importStream: (imported) => importStream(database, imported),
  rebuild: (fold) => rebuild(database, fold),
})

interface LoadedRow {
  now: number
  version: number | null
  head: string | null
  state: string | null
  until: number | null
}

/** One statement, so that time, head and deadline belong to the same moment. */
const load = async (database: Database, stream: StreamId): Promise<LoadedStream> => {
  const { rows } = await database.read((db) =>
    sql<LoadedRow>`select ${database.now()} as now, s.version, s.head, s.state, l.until
      from (select 1 as one) as one
      left join streams as s on s.stream = ${stream}
      left join leases as l on l.stream = ${stream}`.execute(db),
  )
  const row = rows[0]
  if (row === undefined) throw new TypeError('a select without a table always has one row')
  return {
    version: row.version ?? 0,
    head: row.head ?? GENESIS_HASH,
    state: row.state,
    now: row.now,
    leaseUntil: row.until,
  }
}

/**
 * Whether the streams that a decision only read are as they were then. On Postgres whoever writes a project waits for those who
 * rest on it and goes before those who come later, so that a kill is never kept waiting; SQLite has one writer anyway.
 */
import { sql } from 'kysely'
import type { AppendBatch } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'

/** First half of the advisory locks; the second tells the streams apart. A queue that is fair, which locks on rows are not. */
const REST_LOCK = 4_870_215

/** To be called before any stream is locked. False: one has moved on. */
export const stillStands = async (
  database: Database,
  db: Connection,
  { writes, restsOn = [] }: Pick<AppendBatch, 'writes' | 'restsOn'>,
): Promise<boolean> => {
  if (database.dialect === 'postgres') {
    const projects = writes.filter(({ index }) => index.kind === 'project').map(({ stream }) => stream)
    for (const stream of projects.toSorted()) {
      await sql`select pg_advisory_xact_lock(${REST_LOCK}::int, hashtext(${stream}))`.execute(db)
    }
    for (const { stream } of restsOn) {
      await sql`select pg_advisory_xact_lock_shared(${REST_LOCK}::int, hashtext(${stream}))`.execute(db)
    }
  }
  for (const { stream, version } of restsOn) {
    const row = await db.selectFrom('streams').select('version').where('stream', '=', stream).executeTakeFirst()
    if ((row?.version ?? 0) !== version) return false
  }
  return true
}

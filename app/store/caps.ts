/**
 * Refuses an append that would make more leases live at once than may be. What is counted are the tasks' own rows, so that
 * there is no counter that could be wrong; the lock puts those who count in a row.
 */
import { sql } from 'kysely'
import type { Cap } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'

/** First half of the advisory locks on Postgres; the second tells the names apart. SQLite has one writer anyway. */
const CAP_LOCK = 4_870_214

/** The first cap that is passed, or null. To be called after the rows are written: they count themselves. */
export const passedCap = async (database: Database, db: Connection, caps: readonly Cap[]): Promise<Cap | null> => {
  const sorted = [...caps].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (database.dialect === 'postgres') {
    for (const name of new Set(sorted.map((cap) => cap.name))) {
      await sql`select pg_advisory_xact_lock(${CAP_LOCK}::int, hashtext(${name}))`.execute(db)
    }
  }
  for (const cap of sorted) if ((await countLive(db, cap)) > cap.most) return cap
  return null
}

/** Not further than matters. */
const countLive = async (db: Connection, { projects, owner, most }: Cap): Promise<number> => {
  const rows = await db
    .selectFrom('streams')
    .select(sql.lit(1).as('one'))
    .where('project', 'in', [...projects])
    .where('owner', 'is not', null)
    .$if(owner !== null, (query) => query.where('owner', '=', owner))
    .limit(most + 1)
    .execute()
  return rows.length
}

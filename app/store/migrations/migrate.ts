/**
 * Brings the tables up to date when a store opens. Our own list and not Kysely's migrator, which on SQLite takes no lock
 * and no transaction: two processes starting at once would both create. Here everything is one write transaction.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { StoreFault } from '../store-fault.ts'
import { firstTables } from './0001-first-tables.ts'
import { outboxQueues } from './0002-outbox-queues.ts'
import { readyOrder } from './0003-ready-order.ts'
import { levelsAndParents } from './0004-levels-and-parents.ts'
import { budgetBooks } from './0005-budget-books.ts'
import { findingIndex } from './0006-finding-index.ts'
import { issueSpots } from './0007-issue-spots.ts'
import { roomBetweenLevels } from './0008-room-between-levels.ts'
import { schemaWords, type Migration } from './migration.ts'

export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  outboxQueues,
  readyOrder,
  levelsAndParents,
  budgetBooks,
  findingIndex,
  issueSpots,
  roomBetweenLevels,
]

/** Any number that no other user of the database takes for its own advisory lock. */
const MIGRATION_LOCK = 4_870_211

/** Returns the names that it applied. Throws a StoreFault when the database knows migrations that this version does not. */
export const migrate = (
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> =>
  database.write(async (db) => {
    const words = schemaWords(database.dialect)
    // `create table if not exists` of two Postgres sessions may collide, so the lock comes first.
    if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(db)
    await sql`create table if not exists migrations (name ${words.text} primary key, at ${words.integer} not null) ${words.tableEnd}`.execute(
      db,
    )
    const rows = await db.selectFrom('migrations').select('name').execute()
    const applied = new Set(rows.map((row) => row.name))
    const known = new Set(migrations.map((migration) => migration.name))
    const unknown = [...applied].filter((name) => !known.has(name))
    if (unknown.length > 0) {
      throw new StoreFault(
        'too-new',
        `The database was last used by a newer Muster (it knows ${unknown.sort().join(', ')}): start that version, or restore into an empty database.`,
      )
    }
    const missing = migrations.filter((migration) => !applied.has(migration.name))
    for (const migration of missing) {
      await migration.up(db as never, words)
      await db.insertInto('migrations').values({ name: migration.name, at: database.now() }).execute()
    }
    return missing.map((migration) => migration.name)
  })

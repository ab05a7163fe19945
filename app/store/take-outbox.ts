/** Chooses and claims the effects to carry out next, at most one of each queue, and holds the claims of who is still at it. */
import { randomUUID } from 'node:crypto'
import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Millis } from '../domain/event/envelope.ts'
import type { OutboxTaken } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'
import { LANES } from './outbox-row.ts'
import type { OutboxTable } from './tables.ts'

/** Advisory lock of Postgres; SQLite has one writer anyway. */
const TAKE_LOCK = 4_870_213

/**
 * Takers go one after the other. Row locks alone would not do: two takers that lock two items of one queue do not see each
 * other's claims yet, and both would work on it.
 */
export const takeOutbox = async (
  database: Database,
  limit: number,
  holdMs: Millis,
): Promise<readonly OutboxTaken[]> => {
  // Most looks find nothing: those take no lock.
  const free = await database.read(
    async (db) => (await sql`select o.key from outbox as o where ${isFree(database.now())} limit 1`.execute(db)).rows,
  )
  return free.length === 0 ? [] : database.write((db) => claimFree(database, db, limit, holdMs))
}

const claimFree = async (database: Database, db: Connection, limit: number, holdMs: Millis) => {
  const now = await inTurn(database, db)
  const { rows } = await sql<{ key: string }>`
    select o.key from outbox as o where ${isFree(sql`${now}`)}
    order by o.lane, o.due_at, o.key limit ${limit}
    ${database.dialect === 'postgres' ? sql`for update of o skip locked` : sql``}`.execute(db)
  if (rows.length === 0) return []
  const chosen = rows.map((row) => row.key)
  const claim = randomUUID()
  const taken = await db
    .updateTable('outbox')
    .set(({ eb }) => ({
      claimed_until: now + holdMs,
      claimed_generation: sql<number>`generation`,
      claim,
      tries: eb('tries', '+', 1),
    }))
    .where('key', 'in', chosen)
    .returningAll()
    .execute()
  return taken.sort((a, b) => chosen.indexOf(a.key) - chosen.indexOf(b.key)).map((row) => toTaken(row, claim))
}

const toTaken = (row: Selectable<OutboxTable>, claim: string): OutboxTaken => ({
  key: row.key,
  kind: row.kind,
  queue: row.queue,
  payload: JSON.parse(row.payload) as unknown,
  dueAt: row.due_at,
  lane: LANES[row.lane] ?? 'cosmetic',
  claim,
  tries: row.tries,
})

/** In turn with the takers: one that looks just when a claim runs out must not give its queue away while it is renewed. */
export const renewClaim = (database: Database, key: string, claim: string, holdMs: Millis): Promise<boolean> =>
  database.write(async (db) => {
    const now = await inTurn(database, db)
    const renewed = await db
      .updateTable('outbox')
      .set({ claimed_until: now + holdMs })
      .where('key', '=', key)
      .where('claim', '=', claim)
      .where('claimed_until', '>', now)
      .executeTakeFirst()
    return renewed.numUpdatedRows > 0n
  })

/** The time, once it is our turn. One value for everything: two readings could free a claim and its rival at once. */
const inTurn = async (database: Database, db: Connection): Promise<Millis> => {
  if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${TAKE_LOCK})`.execute(db)
  return (await db.selectNoFrom(database.now().as('now')).executeTakeFirstOrThrow()).now
}

/** Due, not claimed, and of its queue the first one that is so, while no other one of it is claimed. Needs the table as `o`. */
const isFree = (now: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  o.due_at <= ${now} and o.claimed_until <= ${now} and (o.queue is null or not exists (
    select 1 from outbox as r where r.queue = o.queue and r.key <> o.key and (
      r.claimed_until > ${now} or (r.due_at <= ${now} and (r.lane, r.due_at, r.key) < (o.lane, o.due_at, o.key)))))`

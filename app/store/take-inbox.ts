/** Chooses and claims the deliveries to work on next: the first of each queue that is not being worked on. */
import { sql, type Selectable } from 'kysely'
import type { Millis } from '../domain/event/envelope.ts'
import type { Database } from './database.ts'
import type { InboxTable } from './tables.ts'

/** Advisory lock of Postgres; SQLite has one writer anyway. */
const TAKE_LOCK = 4_870_212

/**
 * Takers go one after the other. Row locks alone would not do: while one taker claims the head of a queue, a delivery
 * that sorts before it may arrive, and another taker, who cannot see the claim yet, would work on the same queue.
 */
export const takeInbox = async (
  database: Database,
  limit: number,
  holdMs: Millis,
  patienceMs: Millis,
): Promise<readonly Selectable<InboxTable>[]> => {
  // Most looks find nothing: those take no lock.
  const due = await database.read((db) =>
    db
      .selectFrom('inbox')
      .select('seq')
      .where('state', '=', sql.lit('waiting'))
      .where('not_before', '<=', database.now())
      .where('claimed_until', '<=', database.now())
      .limit(1)
      .executeTakeFirst(),
  )
  return due === undefined ? [] : claim(database, limit, holdMs, patienceMs)
}

const claim = (
  database: Database,
  limit: number,
  holdMs: Millis,
  patienceMs: Millis,
): Promise<readonly Selectable<InboxTable>[]> =>
  database.write(async (db) => {
    if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${TAKE_LOCK})`.execute(db)
    const now = database.now()
    const { rows } = await sql<{ seq: number }>`
      select i.seq from inbox as i
      where i.state = 'waiting' and i.not_before <= ${now} and i.claimed_until <= ${now}
        and (i.position = 0 or i.received_at <= ${now} - ${sql.lit(patienceMs)})
        and (i.queue is null or (
          not exists (select 1 from inbox as c
            where c.state = 'waiting' and c.claimed_until > 0 and c.queue = i.queue and c.claimed_until > ${now})
          and not exists (select 1 from inbox as e
            where e.state = 'waiting' and e.queue = i.queue and (e.position, e.seq) < (i.position, i.seq))))
      order by i.not_before, i.seq limit ${limit}
      ${database.dialect === 'postgres' ? sql`for update of i skip locked` : sql``}`.execute(db)
    if (rows.length === 0) return []
    const chosen = rows.map((row) => row.seq)
    const taken = await db
      .updateTable('inbox')
      .set(({ eb }) => ({ tries: eb('tries', '+', 1), claimed_until: eb(now, '+', holdMs) }))
      .where('seq', 'in', chosen)
      .returningAll()
      .execute()
    return taken.sort((a, b) => chosen.indexOf(a.seq) - chosen.indexOf(b.seq))
  })

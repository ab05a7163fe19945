/** Work to do outside. A key is worked on by one at a time; work that was put meanwhile waits for the claim to end. */
import { sql } from 'kysely'
import type { Millis } from '../domain/event/envelope.ts'
import type { Outbox, OutboxTaken } from '../engine/ports.ts'
import type { Database } from './database.ts'
import { LANES, putOutbox } from './outbox-row.ts'

export const createOutbox = (database: Database): Outbox => ({
  put: async (items) => {
    if (items.length > 0) await database.write((db) => putOutbox(db, items))
  },
  take: (limit, holdMs) => take(database, limit, holdMs),
  done: (key, generation) =>
    database.write(async (db) => {
      const removed = await db
        .deleteFrom('outbox')
        .where('key', '=', key)
        .where('generation', '=', generation)
        .executeTakeFirst()
      if (removed.numDeletedRows > 0n) return
      // Newer work is in place. It has not been tried yet, and need not wait for our claim to run out.
      await db
        .updateTable('outbox')
        .set({ claimed_until: 0, claimed_generation: 0, tries: 0, error: null })
        .where('key', '=', key)
        .where('claimed_generation', '=', generation)
        .execute()
    }),
  retryLater: (key, generation, at, error) =>
    database.write(async (db) => {
      const released = { claimed_until: 0, claimed_generation: 0, error }
      await db
        .updateTable('outbox')
        // Work that was put meanwhile keeps its own due time.
        .set({ ...released, due_at: sql<number>`case when generation = ${generation} then ${at} else due_at end` })
        .where('key', '=', key)
        .where('claimed_generation', '=', generation)
        .execute()
    }),
  pending: async () => {
    const row = await database.read((db) =>
      db
        .selectFrom('outbox')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('due_at').as('oldest')])
        .executeTakeFirstOrThrow(),
    )
    return { count: row.count, oldestDueAt: row.oldest }
  },
  hurry: (except) =>
    database.write(async (db) => {
      await db
        .updateTable('outbox')
        .set({ due_at: database.now() })
        .where('due_at', '>', database.now())
        .where('error', 'is', null)
        .where('kind', 'not in', [...except, ''])
        .execute()
      const row = await db
        .selectFrom('outbox')
        .select(({ fn }) => [fn.countAll<number>().as('count')])
        .where('kind', 'not in', [...except, ''])
        .executeTakeFirstOrThrow()
      return row.count
    }),
})

const take = async (database: Database, limit: number, holdMs: Millis): Promise<readonly OutboxTaken[]> => {
  // Most looks find nothing: those take no lock.
  const due = await database.read((db) =>
    db
      .selectFrom('outbox')
      .select('key')
      .where('due_at', '<=', database.now())
      .where('claimed_until', '<=', database.now())
      .limit(1)
      .executeTakeFirst(),
  )
  return due === undefined ? [] : claim(database, limit, holdMs)
}

const claim = (database: Database, limit: number, holdMs: Millis): Promise<readonly OutboxTaken[]> =>
  database.write(async (db) => {
    const now = database.now()
    const chosen = await db
      .selectFrom('outbox')
      .select('key')
      .where('due_at', '<=', now)
      .where('claimed_until', '<=', now)
      .orderBy('lane')
      .orderBy('due_at')
      .orderBy('key')
      .limit(limit)
      .$if(database.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
      .execute()
    if (chosen.length === 0) return []
    const keys = chosen.map((row) => row.key)
    const rows = await db
      .updateTable('outbox')
      .set(({ eb }) => ({
        claimed_until: eb(now, '+', holdMs),
        claimed_generation: sql<number>`generation`,
        tries: eb('tries', '+', 1),
      }))
      .where('key', 'in', keys)
      .returningAll()
      .execute()
    return rows
      .sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key))
      .map((row) => ({
        key: row.key,
        kind: row.kind,
        payload: JSON.parse(row.payload) as unknown,
        dueAt: row.due_at,
        lane: LANES[row.lane] ?? 'cosmetic',
        generation: row.generation,
        tries: row.tries,
      }))
  })

/** Work to do outside. A key, and a queue, is worked on by one at a time; work that was put meanwhile waits for the claim to end. */
import { sql } from 'kysely'
import type { Outbox } from '../engine/ports.ts'
import type { Database } from './database.ts'
import { putOutbox } from './outbox-row.ts'
import { renewClaim, takeOutbox } from './take-outbox.ts'

/** The columns of an item that nobody works on. */
export const RELEASED = { claimed_until: 0, claimed_generation: 0, claim: null } as const

export const createOutbox = (database: Database): Outbox => ({
  put: async (items) => {
    if (items.length > 0) await database.write((db) => putOutbox(db, items))
  },
  take: (limit, holdMs) => takeOutbox(database, limit, holdMs),
  renew: (key, claim, holdMs) => renewClaim(database, key, claim, holdMs),
  done: (key, claim) =>
    database.write(async (db) => {
      const removed = await db
        .deleteFrom('outbox')
        .where('key', '=', key)
        .where('claim', '=', claim)
        .whereRef('generation', '=', 'claimed_generation')
        .executeTakeFirst()
      if (removed.numDeletedRows > 0n) return
      // Newer work is in place. It has not been tried yet, and need not wait for our claim to run out.
      await db
        .updateTable('outbox')
        .set({ ...RELEASED, tries: 0, error: null })
        .where('key', '=', key)
        .where('claim', '=', claim)
        .execute()
    }),
  retryLater: (key, claim, at, error) =>
    database.write(async (db) => {
      await db
        .updateTable('outbox')
        .set({
          ...RELEASED,
          error,
          // Work that was put meanwhile keeps its own due time.
          due_at: sql<number>`case when generation = claimed_generation then ${at} else due_at end`,
        })
        .where('key', '=', key)
        .where('claim', '=', claim)
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

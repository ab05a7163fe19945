/** The volatile deadlines of leases, and when the App was last alive. Nothing here makes an event. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Leases } from '../engine/ports.ts'
import type { Database } from './database.ts'

const LIVENESS_NAME = 'app'

export const createLeases = (database: Database): Leases => ({
  renew: (stream, fence, ttlMs) =>
    database.write(async (db) => {
      const now = database.now()
      const row = await db
        .updateTable('leases')
        .set(({ eb }) => ({ until: eb(now, '+', ttlMs) }))
        .where('stream', '=', stream)
        .where('fence_epoch', '=', fence.epoch)
        .where('fence_n', '=', fence.n)
        // One that has run out is as good as expired: a tick may be deciding so this moment.
        .where('until', '>', now)
        .returning('until')
        .executeTakeFirst()
      return row?.until ?? null
    }),
  extendAll: async (ttlOf) => {
    const rows = await database.read((db) => db.selectFrom('leases').selectAll().execute())
    let extended = 0
    for (const row of rows) {
      const ttlMs = await ttlOf(row.stream as StreamId)
      const result = await database.write((db) => {
        const now = database.now()
        return db
          .updateTable('leases')
          .set(({ eb }) => ({ until: eb(now, '+', ttlMs) }))
          .where('stream', '=', row.stream)
          .where('fence_epoch', '=', row.fence_epoch)
          .where('fence_n', '=', row.fence_n)
          .where(({ eb }) => eb('until', '<', eb(now, '+', ttlMs)))
          .executeTakeFirst()
      })
      if (result.numUpdatedRows > 0n) extended += 1
    }
    return extended
  },
  dropOver: async (stream) => {
    await database.write((db) =>
      db.deleteFrom('leases').where('stream', '=', stream).where('until', '<=', database.now()).execute(),
    )
  },
  lastAlive: async () => {
    const row = await database.read((db) =>
      db.selectFrom('liveness').select('at').where('name', '=', LIVENESS_NAME).executeTakeFirst(),
    )
    return row?.at ?? null
  },
  beat: () =>
    database.write(async (db) => {
      const row = await db
        .selectFrom('liveness')
        .select('at')
        .where('name', '=', LIVENESS_NAME)
        .$if(database.dialect === 'postgres', (query) => query.forUpdate())
        .executeTakeFirst()
      await db
        .insertInto('liveness')
        .values({ name: LIVENESS_NAME, at: database.now() })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ at: database.now() }))
        .execute()
      return row?.at ?? null
    }),
})

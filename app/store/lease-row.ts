/** Writes the volatile deadlines of leases that a command granted or ended. */
import type { LeaseRow } from '../engine/ports.ts'
import type { Connection } from './database.ts'

/** False when a deadline is not what the decision rested on; the caller rolls back. */
export const putLeases = async (db: Connection, leases: readonly LeaseRow[]): Promise<boolean> => {
  for (const { stream, fence, until, from } of leases) {
    if (until === null) {
      const gone = await db
        .deleteFrom('leases')
        .where('stream', '=', stream)
        .$if(from !== undefined, (query) => query.where('until', '=', from ?? 0))
        .executeTakeFirst()
      if (from !== undefined && gone.numDeletedRows === 0n) return false
      continue
    }
    const columns = { fence_epoch: fence.epoch, fence_n: fence.n, until }
    if (from !== undefined) {
      const moved = await db
        .updateTable('leases')
        .set(columns)
        .where('stream', '=', stream)
        .where('until', '=', from)
        .executeTakeFirst()
      if (moved.numUpdatedRows === 0n) return false
      continue
    }
    await db
      .insertInto('leases')
      .values({ stream, ...columns })
      .onConflict((conflict) => conflict.column('stream').doUpdateSet(columns))
      .execute()
  }
  return true
}

/** Writes the volatile deadlines of leases that a command granted or ended. */
import type { LeaseRow } from '../engine/ports.ts'
import type { Connection } from './database.ts'

export const putLeases = async (db: Connection, leases: readonly LeaseRow[]): Promise<void> => {
  for (const { stream, fence, until } of leases) {
    if (until === null) {
      await db.deleteFrom('leases').where('stream', '=', stream).execute()
      continue
    }
    const columns = { fence_epoch: fence.epoch, fence_n: fence.n, until }
    await db
      .insertInto('leases')
      .values({ stream, ...columns })
      .onConflict((conflict) => conflict.column('stream').doUpdateSet(columns))
      .execute()
  }
}

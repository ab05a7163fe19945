/** Token buckets that all replicas share: `take` is all or nothing over several of them. */
import type { Millis } from '../domain/event/envelope.ts'
import type { BucketDemand, RefundingBuckets } from '../engine/ports.ts'
import { fillBucket, NEVER, waitFor, type Bucket } from './bucket.ts'
import type { Connection, Database } from './database.ts'
import { StoreFault } from './store-fault.ts'

export const createBuckets = (database: Database): RefundingBuckets => ({
  take: async (demands) => {
    assertMeetable(demands)
    return database.write(async (db) => {
      const locked = await lockBuckets(
        database,
        db,
        demands.map((demand) => demand.name),
      )
      const filled = demands.map((demand) => {
        const { bucket, now } = locked(demand.name)
        return { demand, now, bucket: fillBucket(bucket, demand, now) }
      })
      const waitMs = Math.max(0, ...filled.map(({ demand, bucket, now }) => waitFor(bucket, demand, now)))
      // Nothing is written: what a bucket holds follows from its row and the time.
      if (waitMs > 0) return { ok: false, waitMs }
      for (const { demand, bucket } of filled) {
        await putBucket(db, demand.name, { ...bucket, tokens: bucket.tokens - demand.cost })
      }
      return { ok: true }
    })
  },
  block: (name, until) =>
    database.write(async (db) => {
      const { bucket, now } = (await lockBuckets(database, db, [name]))(name)
      await putBucket(db, name, { tokens: 0, countedAt: now, blockedUntil: Math.max(until, bucket.blockedUntil) })
    }),
  // What would run over is cut where the bucket is filled up next.
  giveBack: async (name, cost) => {
    await database.write((db) =>
      db
        .updateTable('buckets')
        .set(({ eb }) => ({ tokens: eb('tokens', '+', cost) }))
        .where('name', '=', name)
        .execute(),
    )
  },
})

type Locked = (name: string) => { readonly bucket: Bucket; readonly now: Millis }

/** Makes the rows that are missing, so that there is something to lock, and locks all in sorted order. */
const lockBuckets = async (database: Database, db: Connection, unsorted: readonly string[]): Promise<Locked> => {
  const names = [...unsorted].sort()
  const select = () =>
    db
      .selectFrom('buckets')
      .selectAll()
      .select(database.now().as('now'))
      .where('name', 'in', names)
      .orderBy('name')
      .$if(database.dialect === 'postgres', (query) => query.forUpdate())
      .execute()
  let rows = names.length === 0 ? [] : await select()
  if (rows.length < names.length) {
    const full = names.map((name) => ({ name, tokens: 0, counted_at: NEVER, blocked_until: 0 }))
    await db
      .insertInto('buckets')
      .values(full)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    rows = await select()
  }
  const byName = new Map(
    rows.map((row) => [
      row.name,
      {
        bucket: { tokens: row.tokens, countedAt: row.counted_at, blockedUntil: row.blocked_until },
        now: row.now,
      },
    ]),
  )
  return (name) => {
    const locked = byName.get(name)
    if (locked === undefined) throw new TypeError(`bucket ${name} was just made and is missing`)
    return locked
  }
}

const putBucket = async (db: Connection, name: string, bucket: Bucket): Promise<void> => {
  await db
    .updateTable('buckets')
    .set({ tokens: bucket.tokens, counted_at: bucket.countedAt, blocked_until: bucket.blockedUntil })
    .where('name', '=', name)
    .execute()
}

const assertMeetable = (demands: readonly BucketDemand[]): void => {
  const isBad = demands.some(
    ({ cost, capacity, refillPerSecond }) => !(cost >= 0 && capacity > 0 && refillPerSecond > 0),
  )
  if (isBad || new Set(demands.map((demand) => demand.name)).size < demands.length) {
    throw new StoreFault('bad-demand', 'Each bucket may be asked once, with a cost from 0 and a positive refill.')
  }
}

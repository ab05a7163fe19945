/** Deliveries, durable before they are acknowledged and handed out in order per queue. */
import { sql, type Insertable, type Selectable } from 'kysely'
import type { Delivery, Inbox, InboxItem } from '../engine/ports.ts'
import { inChunks } from './chunks.ts'
import type { Database } from './database.ts'
import { createGroupCommit } from './group-commit.ts'
import { StoreFault } from './store-fault.ts'
import { takeInbox } from './take-inbox.ts'
import type { InboxTable } from './tables.ts'

export const createInbox = (database: Database): Inbox => {
  const putTogether = createGroupCommit(
    (groups: readonly (readonly Delivery[])[]) => putGroups(database, groups),
    (error) => error instanceof StoreFault && !error.retryable,
  )
  return {
    put: (deliveries) => (deliveries.length === 0 ? Promise.resolve([]) : putTogether(deliveries)),
    take: async (limit, holdMs, patienceMs = 0) => (await takeInbox(database, limit, holdMs, patienceMs)).map(toItem),
    done: async (id) => {
      await database.write((db) =>
        db
          .updateTable('inbox')
          // The id stays to recognise redeliveries; the body has served.
          .set({ state: 'done', body: '', claimed_until: 0, finished_at: database.now() })
          .where('id', '=', id)
          .execute(),
      )
    },
    retryLater: async (id, error, at) => {
      await database.write((db) =>
        db
          .updateTable('inbox')
          .set({ not_before: at, error, claimed_until: 0 })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .execute(),
      )
    },
    setAside: async (id, reason) => {
      await database.write((db) =>
        db
          .updateTable('inbox')
          .set({ state: 'aside', error: reason, claimed_until: 0, finished_at: database.now() })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .execute(),
      )
    },
    setAsideCount: () => count(database, 'aside'),
    replay: () =>
      database.write(async (db) => {
        const rows = await db
          .selectFrom('inbox')
          .select(['id', 'name', 'error'])
          .where('state', '=', sql.lit('aside'))
          .orderBy('seq')
          .execute()
        await inChunks(rows, (chunk) =>
          db
            .updateTable('inbox')
            .set({ state: 'waiting', tries: 0, not_before: database.now(), claimed_until: 0, finished_at: null })
            .where(
              'id',
              'in',
              chunk.map(({ id }) => id),
            )
            .where('state', '=', sql.lit('aside'))
            .execute(),
        )
        return rows.map(({ id, name, error }) => ({ id, name, reason: error ?? '' }))
      }),
    pending: (name) => count(database, 'waiting', name),
    sweep: async (before) => {
      const result = await database.write((db) =>
        db
          .deleteFrom('inbox')
          .where('state', '=', sql.lit('done'))
          .where('finished_at', '<', before)
          .executeTakeFirst(),
      )
      return Number(result.numDeletedRows)
    },
  }
}

const count = async (database: Database, state: 'waiting' | 'aside', name?: string): Promise<number> => {
  const row = await database.read((db) => {
    const all = db
      .selectFrom('inbox')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', '=', sql.lit(state))
    return (name === undefined ? all : all.where('name', '=', name)).executeTakeFirst()
  })
  return row?.count ?? 0
}

/** One answer per group: the ids that were new, each told to the first group that brought it. */
const putGroups = async (
  database: Database,
  groups: readonly (readonly Delivery[])[],
): Promise<readonly (readonly string[])[]> => {
  const deliveries = new Map<string, Delivery>()
  for (const delivery of groups.flat()) if (!deliveries.has(delivery.id)) deliveries.set(delivery.id, delivery)
  const fresh = await database.write(async (db) => {
    const ids = new Set<string>()
    await inChunks([...deliveries.values()], async (chunk) => {
      const rows = await db
        .insertInto('inbox')
        .values(chunk.map(toRow))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute()
      for (const row of rows) ids.add(row.id)
    })
    return ids
  })
  return groups.map((group) => group.map((delivery) => delivery.id).filter((id) => fresh.delete(id)))
}

const toRow = (delivery: Delivery): Insertable<InboxTable> => ({
  id: delivery.id,
  name: delivery.name,
  queue: delivery.queue,
  position: delivery.order,
  body: delivery.body,
  received_at: delivery.receivedAt,
  not_before: delivery.notBefore,
  state: 'waiting',
  tries: 0,
  claimed_until: 0,
})

const toItem = (row: Selectable<InboxTable>): InboxItem => ({
  id: row.id,
  name: row.name,
  queue: row.queue,
  order: row.position,
  body: row.body,
  receivedAt: row.received_at,
  notBefore: row.not_before,
  tries: row.tries,
})

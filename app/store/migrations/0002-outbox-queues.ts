/** The outbox learns which items must not be worked on side by side, and to tell one claim from another. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const outboxQueues: Migration = {
  name: '0002-outbox-queues',
  up: async (db, { text }) => {
    const statements = [
      sql`alter table outbox add column queue ${text}`,
      sql`alter table outbox add column claim ${text}`,
      // Whoever claimed these does not know the queues yet: they wait for those claims to run out, as after a crash.
      sql`update outbox set queue = substr(key, length(kind) + 2) where kind in ('reconcile-task', 'look-at-task')`,
      sql`create index outbox_queues on outbox (queue) where queue is not null`,
    ]
    for (const statement of statements) await statement.execute(db)
  },
}

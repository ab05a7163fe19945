/** What the order of ready work and the counts of live leases are read from; filled from the states that are there. */
import { sql } from 'kysely'
import { rankOf } from '../../domain/schedule/rank.ts'
import { readTask } from '../../domain/task/read-task.ts'
import type { Connection } from '../database.ts'
import { inOrder } from '../stream-row.ts'
import type { Migration } from './migration.ts'

/** Bounds how many states are in memory at once. */
const PAGE = 500

export const readyOrder: Migration = {
  name: '0003-ready-order',
  up: async (db, { text, integer }) => {
    const statements = [
      sql`alter table streams add column status ${text}`,
      sql`alter table streams add column rank ${integer}`,
      sql`alter table streams add column requires ${text}`,
      sql`alter table streams add column owner ${text}`,
    ]
    for (const statement of statements) await statement.execute(db)
    await fill(db as unknown as Connection)
    // Everything that choosing work looks at: it reads no state, however many tasks are ready.
    await sql`create index streams_in_order on streams (project, status, rank, stream, requires)`.execute(db)
    await sql`create index streams_held on streams (project, owner) where owner is not null`.execute(db)
  },
}

const fill = async (db: Connection): Promise<void> => {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('streams')
      .select(['stream', 'state'])
      .where('kind', '=', 'task')
      .where('stream', '>', after)
      .orderBy('stream')
      .limit(PAGE)
      .execute()
    for (const { stream, state } of rows) {
      const task = readTask(state)
      const { status, details, lease } = task
      const requires = details.requires ?? []
      const columns = inOrder({ status, rank: rankOf(task), requires, owner: lease?.owner ?? null })
      await db.updateTable('streams').set(columns).where('stream', '=', stream).execute()
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.stream
  }
}

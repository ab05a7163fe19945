/** What is reserved and spent per scope and period, and what of it each task stands for. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const budgetBooks: Migration = {
  name: '0005-budget-books',
  up: async (db, { text, integer, tableEnd }) => {
    const statements = [
      sql`alter table streams add column books ${text} not null default '[]'`,
      sql`alter table streams add column cost_at ${integer}`,
      sql`alter table streams add column cost_micro_usd ${integer}`,
      sql`alter table streams add column cost_tokens ${integer}`,
      sql`create index streams_by_cost on streams (project, cost_at) where cost_at is not null`,
      sql`create table books (
        scope ${text} not null, period ${text} not null,
        reserved_micro_usd ${integer} not null, reserved_tokens ${integer} not null,
        spent_micro_usd ${integer} not null, spent_tokens ${integer} not null,
        warned ${integer} not null, primary key (scope, period)) ${tableEnd}`,
    ]
    for (const statement of statements) await statement.execute(db)
  },
}

/** Where the issues of transferred tasks stand and stood: by number, and by key. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const issueSpots: Migration = {
  name: '0007-issue-spots',
  up: async (db, { text, integer, tableEnd }) => {
    const statements = [
      sql`create table spots (
        project ${text} not null, number ${integer} not null, stream ${text} not null, key ${text} not null,
        primary key (project, number)) ${tableEnd}`,
      sql`create index spots_stream on spots (stream)`,
      sql`create index spots_key on spots (key)`,
    ]
    for (const statement of statements) await statement.execute(db)
  },
}

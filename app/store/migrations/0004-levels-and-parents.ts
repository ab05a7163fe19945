/** Each task's level in the dependency graph, computed here for the edges that stand, and the parent of each task. */
import { sql } from 'kysely'
import { levelsOf } from '../../domain/dependency/levels.ts'
import { inChunks } from '../chunks.ts'
import type { Connection } from '../database.ts'
import type { Migration } from './migration.ts'

export const levelsAndParents: Migration = {
  name: '0004-levels-and-parents',
  up: async (db, { text, integer, tableEnd }) => {
    const statements = [
      sql`create table levels (stream ${text} primary key, level ${integer} not null) ${tableEnd}`,
      // No surface set a parent before this, so that every task of before has none.
      sql`alter table streams add column parent ${text}`,
      sql`create index streams_by_parent on streams (parent, stream) where parent is not null`,
    ]
    for (const statement of statements) await statement.execute(db)
    const { rows } = await sql<{ stream: string; depends_on: string }>`select stream, depends_on from edges`.execute(db)
    const levels = levelsOf(rows.map(({ stream, depends_on }) => [stream, depends_on]))
    await inChunks([...levels], (chunk) =>
      (db as unknown as Connection)
        .insertInto('levels')
        .values(chunk.map(([stream, level]) => ({ stream, level })))
        .execute(),
    )
  },
}

/** Room between the levels of tasks, and a list of the edges that levels cannot hold. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const roomBetweenLevels: Migration = {
  name: '0008-room-between-levels',
  up: async (db, { text, tableEnd }) => {
    const statements = [
      sql`create table loops (stream ${text} not null, depends_on ${text} not null, primary key (stream, depends_on)) ${tableEnd}`,
      sql`insert into loops (stream, depends_on) select edges.stream, edges.depends_on from edges
        left join levels as upper on upper.stream = edges.stream
        left join levels as lower on lower.stream = edges.depends_on
        where coalesce(lower.level, 0) >= coalesce(upper.level, 0)`,
      sql`update levels set level = level * 4294967296`,
    ]
    for (const statement of statements) await statement.execute(db)
  },
}

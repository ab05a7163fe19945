/** Room between the levels of tasks, a list of the edges that levels cannot hold, and levels that SQLite finds with one look. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const roomBetweenLevels: Migration = {
  name: '0008-room-between-levels',
  up: async (db, { dialect, text, integer, tableEnd }) => {
    const oneLook = dialect === 'sqlite' ? sql`, without rowid` : sql``
    const statements = [
      sql`create table loops (stream ${text} not null, depends_on ${text} not null, primary key (stream, depends_on)) ${tableEnd}`,
      sql`insert into loops (stream, depends_on) select edges.stream, edges.depends_on from edges
        left join levels as upper on upper.stream = edges.stream
        left join levels as lower on lower.stream = edges.depends_on
        where coalesce(lower.level, 0) >= coalesce(upper.level, 0)`,
      sql`alter table levels rename to levels_before`,
      sql`create table levels (stream ${text} not null primary key, level ${integer} not null) ${tableEnd} ${oneLook}`,
      sql`insert into levels (stream, level) select stream, level * 4294967296 from levels_before`,
      sql`drop table levels_before`,
    ]
    for (const statement of statements) await statement.execute(db)
  },
}

/** Reads the edges that a search asks for, each with the level of where it leads. No more of them than it wants are looked at. */
import { sql } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Look, Seen } from '../domain/dependency/search-both-ways.ts'
import type { Connection, Database } from './database.ts'

interface Row {
  readonly origin: string
  readonly target: string
  readonly level: number | null
}

export const lookAtEdges = async (
  { dialect }: Pick<Database, 'dialect'>,
  db: Connection,
  { side, tasks, most }: Look,
): Promise<readonly Seen[] | null> => {
  const [origin, target] = side === 'below' ? ['stream', 'depends_on'] : ['depends_on', 'stream']
  // One text for any number of tasks, so that the statement is prepared once.
  const list = JSON.stringify(tasks)
  const asked =
    dialect === 'sqlite'
      ? sql`select value from json_each(${list})`
      : sql`select json_array_elements_text(${list}::json)`
  const { rows } = await sql<Row>`select near.origin, near.target, levels.level from (
      select ${sql.ref(origin)} as origin, ${sql.ref(target)} as target from edges
      where ${sql.ref(origin)} in (${asked}) limit ${most + 1}
    ) as near left join levels on levels.stream = near.target`.execute(db)
  if (rows.length > most) return null
  return rows.map((row) => ({
    from: row.origin as StreamId,
    to: { task: row.target as StreamId, level: row.level ?? 0 },
  }))
}

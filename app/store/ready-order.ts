/** Reads over the tasks that may be taken, in their order, and over how many stand where. From one index: no state is read. */
import { sql } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import type { TaskStatus } from '../domain/task/state.ts'
import type { ReadyTask } from '../engine/ports.ts'
import type { Database } from './database.ts'

interface ReadyRow {
  readonly stream: string
  readonly rank: number
  readonly requires: string | null
}

/** `status` and `rank` are written out in the statement, so that both databases see that the index serves. */
export const ready = async (
  database: Database,
  project: StreamId,
  limit: number,
  after?: ReadyTask,
): Promise<readonly ReadyTask[]> => {
  const behind = after === undefined ? sql`` : sql`and (rank, stream) > (${after.rank}, ${after.stream})`
  const { rows } = await database.read((db) =>
    sql<ReadyRow>`select stream, rank, requires from streams
      where project = ${project} and status = 'ready' and rank is not null ${behind}
      order by rank, stream limit ${limit}`.execute(db),
  )
  return rows.map(({ stream, rank, requires }) => ({
    stream: stream as StreamId,
    rank,
    requires: requires === null ? [] : (JSON.parse(requires) as readonly string[]),
  }))
}

export const standing = async (
  database: Database,
  project: StreamId,
): Promise<Readonly<Partial<Record<TaskStatus, number>>>> => {
  const rows = await database.read((db) =>
    db
      .selectFrom('streams')
      .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
      .where('project', '=', project)
      .where('status', 'is not', null)
      .groupBy('status')
      .execute(),
  )
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}

/** Reads over the tasks that may be taken, in their order, over those that are held, and over how many stand where. */
import { sql } from 'kysely'
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import { readTask } from '../domain/task/read-task.ts'
import type { Task, TaskStatus } from '../domain/task/state.ts'
import type { ReadyTask } from '../engine/ports.ts'
import type { Database } from './database.ts'

interface ReadyRow {
  readonly stream: string
  readonly rank: number
  readonly requires: string | null
}

/** From one index: no state is read. `status` and `rank` are written out in the statement, so that both databases see that the index serves. */
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

/** In the order of their streams. */
export const held = async (
  database: Database,
  project: StreamId,
): Promise<readonly { readonly task: Task; readonly leaseUntil: Millis | null }[]> => {
  const rows = await database.read((db) =>
    db
      .selectFrom('streams')
      .leftJoin('leases', 'leases.stream', 'streams.stream')
      .select(['streams.state', 'leases.until'])
      .where('streams.project', '=', project)
      .where('streams.owner', 'is not', null)
      .orderBy('streams.stream')
      .execute(),
  )
  return rows.map(({ state, until }) => ({ task: readTask(state), leaseUntil: until }))
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

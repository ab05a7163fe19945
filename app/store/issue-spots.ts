/** Where the issues of transferred tasks stand and stood: a projection of their states, the only reader and writer of its table. */
import type { StreamId } from '../domain/event/envelope.ts'
import { taskStream } from '../domain/event/envelope.ts'
import { readTask } from '../domain/task/read-task.ts'
import type { Task } from '../domain/task/state.ts'
import type { IndexRow } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'

type Row = { readonly project: string; readonly number: number; readonly stream: string; readonly key: string }

const textOf = ({ project, number, key }: Row): string => `${project} ${number} ${key}`

/** Most tasks never move: nothing is asked of the database for them. */
export const putSpots = async (db: Connection, stream: StreamId, index: IndexRow): Promise<void> => {
  if (index.kind === 'task' && index.spots !== undefined) await mendSpots(db, stream, index)
}

/** Writes what differs; true when something did. A number that another stream claims, which only a forged log could, goes to the last. */
export const mendSpots = async (db: Connection, stream: StreamId, index: IndexRow): Promise<boolean> => {
  const spots = index.kind === 'task' ? (index.spots ?? []) : []
  const after = spots.map(({ project, number, key }): Row => ({ project, number, stream, key: key.toLowerCase() }))
  const before = await db.selectFrom('spots').selectAll().where('stream', '=', stream).execute()
  const same = before.map(textOf).sort().join('\n') === after.map(textOf).sort().join('\n')
  if (same) return false
  await dropSpots(db, stream)
  for (const row of after) {
    await db
      .insertInto('spots')
      .values(row)
      .onConflict((conflict) => conflict.columns(['project', 'number']).doUpdateSet({ stream, key: row.key }))
      .execute()
  }
  return true
}

export const dropSpots = async (db: Connection, stream: StreamId): Promise<void> => {
  await db.deleteFrom('spots').where('stream', '=', stream).execute()
}

interface Found {
  readonly task: Task
  readonly version: number
}

const taskOf = async (database: Database, stream: string): Promise<Found | null> => {
  const row = await database.read((db) =>
    db
      .selectFrom('streams')
      .select(['state', 'version'])
      .where('stream', '=', stream)
      .where('kind', '=', 'task')
      .executeTakeFirst(),
  )
  return row === undefined ? null : { task: readTask(row.state), version: row.version }
}

/** Where a task was born its stream says; only what was never a task's birthplace is looked up. */
export const taskAt = async (database: Database, project: StreamId, number: number): Promise<Found | null> => {
  const born = await taskOf(database, taskStream(Number(project.split('/')[1]), number))
  if (born !== null) return born
  const row = await database.read((db) =>
    db
      .selectFrom('spots')
      .select('stream')
      .where('project', '=', project)
      .where('number', '=', number)
      .executeTakeFirst(),
  )
  return row === undefined ? null : taskOf(database, row.stream)
}

export const tasksByFormerKey = async (
  database: Database,
  project: StreamId | null,
  key: string,
): Promise<readonly Task[]> => {
  const rows = await database.read((db) =>
    db
      .selectFrom('spots')
      .innerJoin('streams', 'streams.stream', 'spots.stream')
      .select('streams.state')
      .where('spots.key', '=', key.toLowerCase())
      // The key that it has now is no former one.
      .whereRef('streams.search', '!=', 'spots.key')
      .$if(project !== null, (query) => query.where('spots.project', '=', project ?? ''))
      .groupBy(['streams.stream', 'streams.state'])
      .execute(),
  )
  return rows.map(({ state }) => readTask(state))
}

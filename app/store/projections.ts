/** Reads over the projections, and their canonical dump. */
import { sql } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import { readTask } from '../domain/task/read-task.ts'
import type { Task } from '../domain/task/state.ts'
import type { Projections } from '../engine/ports.ts'
import { inChunks } from './chunks.ts'
import type { Database } from './database.ts'
import { dump } from './dump.ts'
import { held, ready, standing } from './ready-order.ts'
import { findFindings } from './finding-index.ts'
import { taskAt, tasksByFormerKey } from './issue-spots.ts'

const parseTask = (row: { readonly state: string }): Task => readTask(row.state)
const parseProject = (row: { readonly state: string }): Project => JSON.parse(row.state) as Project

export const createProjections = (database: Database): Projections => ({
  task: async (stream) => {
    const row = await database.read((db) =>
      db
        .selectFrom('streams')
        .select(['state', 'version'])
        .where('stream', '=', stream)
        .where('kind', '=', 'task')
        .executeTakeFirst(),
    )
    return row === undefined ? null : { task: parseTask(row), version: row.version }
  },
  taskByKey: async (project, key) => {
    const rows = await database.read((db) =>
      db
        .selectFrom('streams')
        .select('state')
        .where('project', '=', project)
        .where('search', '=', key.toLowerCase())
        .execute(),
    )
    return rows.map(parseTask)[0] ?? null
  },
  taskAt: (project, number) => taskAt(database, project, number),
  tasksByFormerKey: (project, key) => tasksByFormerKey(database, project, key),
  tasks: async (project) => {
    const rows = await database.read((db) =>
      db.selectFrom('streams').select('state').where('project', '=', project).execute(),
    )
    return rows.map(parseTask).sort((a, b) => a.number - b.number)
  },
  tasksOf: async (streams) => {
    const tasks: Task[] = []
    await inChunks([...new Set(streams)], async (page) => {
      const rows = await database.read((db) =>
        db.selectFrom('streams').select('state').where('stream', 'in', page).where('kind', '=', 'task').execute(),
      )
      tasks.push(...rows.map(parseTask))
    })
    return tasks
  },
  project: async (stream) => {
    const row = await database.read((db) =>
      db
        .selectFrom('streams')
        .select('state')
        .where('stream', '=', stream)
        .where('kind', '=', 'project')
        .executeTakeFirst(),
    )
    return row === undefined ? null : parseProject(row)
  },
  projects: async () => {
    const rows = await database.read((db) =>
      db.selectFrom('streams').select('state').where('kind', '=', 'project').execute(),
    )
    return rows.map(parseProject).sort((a, b) => a.repositoryId - b.repositoryId)
  },
  projectByRepository: async (repository) => {
    const rows = await database.read((db) =>
      db
        .selectFrom('streams')
        .select('state')
        .where('kind', '=', 'project')
        .where('search', '=', repository.toLowerCase())
        .execute(),
    )
    // A repository may be deleted and made again under its name: ids rise, so the highest is the living one.
    return rows.map(parseProject).sort((a, b) => b.repositoryId - a.repositoryId)[0] ?? null
  },
  findings: (project, words) => findFindings(database, project, words),
  dependents: async (stream) => {
    const rows = await database.read((db) =>
      db.selectFrom('edges').select('stream').where('depends_on', '=', stream).execute(),
    )
    return rows.map((row) => row.stream as StreamId).sort()
  },
  ready: (project, limit, after) => ready(database, project, limit, after),
  held: (project) => held(database, project),
  standing: (project) => standing(database, project),
  due: (limit) => due(database, limit),
  dump: () => dump(database),
})

const due = async (database: Database, limit: number): Promise<readonly StreamId[]> => {
  const now = database.now()
  const { rows } = await database.read((db) =>
    sql<{ stream: string }>`select stream from (
        select stream, until as at from leases where until <= ${now}
        union all
        select stream, wait_until as at from streams where wait_until <= ${now}
      ) as over group by stream order by min(at), stream limit ${limit}`.execute(db),
  )
  return rows.map((row) => row.stream as StreamId)
}

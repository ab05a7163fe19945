/** What an edge rests on outside its task: how the other task stands, and the circle that the store has found it to close. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import { dependencyStatus, type TaskRef } from '../domain/task/state.ts'
import type { Projections } from './ports.ts'

/** `circle`: why the edge was not written, from the other task to this one; null: the store has not been asked yet, or had nothing against it. */
export const prepareDependency = async (
  projections: Projections,
  command: TaskCommandOf<'add-dependency'>,
  circle: readonly StreamId[] | null,
): Promise<TaskCommandOf<'add-dependency'>> => {
  const found = await projections.task(command.on.stream)
  return {
    ...command,
    status: found === null ? 'open' : dependencyStatus(found.task.status),
    path: circle === null ? null : await named(projections, circle),
  }
}

const named = async (projections: Projections, path: readonly StreamId[]): Promise<readonly TaskRef[]> => {
  const keys = new Map((await projections.tasksOf(path)).map(({ stream, key }) => [stream, key]))
  return path.map((stream) => ({ stream, key: keys.get(stream) ?? stream }))
}

/** What an edge rests on outside its task: how the other task stands, and whether that one depends on this one already. */
import { searchBothWays } from '../domain/dependency/search-both-ways.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import { dependencyStatus, type TaskRef } from '../domain/task/state.ts'
import type { Graph, Store } from './ports.ts'

type Reads = Pick<Store, 'graph' | 'projections'>

/**
 * `thorough`: the store has found a cycle that the levels did not show, because edges were added meanwhile, or because a
 * cycle was imported.
 */
export const prepareDependency = async (
  { graph, projections }: Reads,
  stream: StreamId,
  command: TaskCommandOf<'add-dependency'>,
  thorough: boolean,
): Promise<TaskCommandOf<'add-dependency'>> => {
  const on = command.on.stream
  const found = await projections.task(on)
  const path = await pathBetween(graph, on, stream, thorough)
  return {
    ...command,
    status: found === null ? 'open' : dependencyStatus(found.task.status),
    path: path === null ? null : await named(projections, path),
  }
}

const pathBetween = async (
  graph: Graph,
  from: StreamId,
  to: StreamId,
  thorough: boolean,
): Promise<readonly StreamId[] | null> => {
  const [upper, lower] = [await graph.level(from), await graph.level(to)]
  if (!thorough && upper < lower) return null
  const ends = [
    { task: from, level: upper },
    { task: to, level: lower },
  ] as const
  const search = searchBothWays(...ends, { everywhere: thorough })
  let step = search.next()
  while (step.done !== true) step = search.next(await graph.look(step.value))
  return step.value.path
}

const named = async (projections: Reads['projections'], path: readonly StreamId[]): Promise<readonly TaskRef[]> => {
  const keys = new Map((await projections.tasksOf(path)).map(({ stream, key }) => [stream, key]))
  return path.map((stream) => ({ stream, key: keys.get(stream) ?? stream }))
}

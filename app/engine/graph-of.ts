/**
 * The dependency graph around a task: all that it depends on and all that depends on it, over however many edges, within its
 * project. Tasks of other projects are shown where tasks of this one depend on them, and not beyond: who may read the one
 * repository may not read the other.
 */
import { graphTask, type GraphTask, type TaskGraph } from '../domain/dependency/task-graph.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Task } from '../domain/task/state.ts'
import { projectOf } from './fold.ts'
import type { Store } from './ports.ts'

/** The nearest ones; whoever wants more asks about another task. */
const MOST_TASKS = 500

/** Null when there is no such task. */
export const graphOf = async (
  { projections, graph }: Pick<Store, 'projections' | 'graph'>,
  focus: StreamId,
): Promise<TaskGraph | null> => {
  const home = projectOf(focus)
  const found = new Map<StreamId, GraphTask>()
  const known = new Set([focus])
  for (let frontier: readonly StreamId[] = [focus]; frontier.length > 0;) {
    const tasks = inOrder(await projections.tasksOf(frontier), frontier)
    for (const task of tasks) found.set(task.stream, graphTask(task))
    const near = tasks.flatMap(({ dependsOn }) => dependsOn)
    for (const other of near.filter((one) => projectOf(one.stream) !== home)) {
      const isOpen =
        found.get(other.stream)?.isOpen === true || tasks.some((one) => one.waitsFor.includes(other.stream))
      found.set(other.stream, stranger(other, isOpen))
    }
    const above = (await graph.dependents(frontier)).map(({ stream }) => stream)
    const next = [...near.map(({ stream }) => stream), ...above].filter(
      (stream) => projectOf(stream) === home && !known.has(stream) && known.add(stream),
    )
    if (known.size > MOST_TASKS) {
      const room = Math.max(0, MOST_TASKS - found.size)
      for (const task of await projections.tasksOf(next.slice(0, room))) found.set(task.stream, graphTask(task))
      return { focus, tasks: [...found.values()], isCut: true }
    }
    frontier = next
  }
  return found.has(focus) ? { focus, tasks: [...found.values()], isCut: false } : null
}

const inOrder = (tasks: readonly Task[], streams: readonly StreamId[]): readonly Task[] => {
  const byStream = new Map(tasks.map((task) => [task.stream, task]))
  return streams.flatMap((stream) => byStream.get(stream) ?? [])
}

/** As far as those know it that depend on it. */
const stranger = ({ stream, key, repository }: Task['dependsOn'][number], isOpen: boolean): GraphTask => ({
  stream,
  key,
  status: null,
  isOpen,
  repository: repository ?? null,
  durationMs: 1,
  dependsOn: [],
})

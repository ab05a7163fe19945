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
  const [first] = await projections.tasksOf([focus])
  if (first === undefined) return null
  const home = first.project
  const found = new Map<StreamId, GraphTask>()
  /** Tasks of this project. */
  const known = new Set([focus])
  for (let tasks: readonly Task[] = [first]; tasks.length > 0;) {
    for (const task of tasks) found.set(task.stream, graphTask(task))
    const near = tasks.flatMap(({ dependsOn }) => dependsOn)
    const above = (await graph.dependents(tasks.map(({ stream }) => stream))).map(({ stream }) => stream)
    const all = [...new Set([...near.map(({ stream }) => stream), ...above])]
    const asked = all.filter((stream) => !known.has(stream)).slice(0, MOST_TASKS + 1)
    const around = inOrder(await projections.tasksOf(asked), asked)
    const next = around.filter(({ project }) => project === home)
    for (const { stream } of next) known.add(stream)
    const isThere = new Set(around.map(({ stream }) => stream))
    for (const other of near.filter((one) => !known.has(one.stream))) {
      if (!isThere.has(other.stream) && projectOf(other.stream) === home) continue
      const isOpen =
        found.get(other.stream)?.isOpen === true || tasks.some((one) => one.waitsFor.includes(other.stream))
      found.set(other.stream, stranger(other, isOpen))
    }
    if (known.size > MOST_TASKS) {
      for (const task of next.slice(0, Math.max(0, MOST_TASKS - found.size))) found.set(task.stream, graphTask(task))
      return { focus, tasks: [...found.values()], isCut: true }
    }
    tasks = next
  }
  return { focus, tasks: [...found.values()], isCut: false }
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

/** The difference between two versions of a task, and for every change who brought it about: by the last event that touched it. */
import type { Json } from '../event/canonical-json.ts'
import type { TaskEvent } from '../task/events.ts'
import { evolveTask } from '../task/evolve.ts'
import type { Task } from '../task/state.ts'
import { difference, overlaps, type Change, type Path } from './difference.ts'
import { taskAt, type History } from './history.ts'

export interface ToldChange extends Change {
  readonly by: TaskEvent
}

/** Null where one of the versions is not known here. `from` may not be above `to`. */
export const changesBetween = (history: History, from: number, to: number): readonly ToldChange[] | null => {
  const [start, end] = [taskAt(history, { version: from }), taskAt(history, { version: to })]
  if (!start.ok || !end.ok || from > to) return null
  const steps = stepsFrom(
    start.task,
    history.events.filter(({ version }) => version > from && version <= to),
  )
  return difference(asJson(start.task), asJson(end.task)).flatMap((change) => {
    const by = steps.findLast(({ paths }) => paths.some((path) => overlaps(path, change.path)))?.event
    return by === undefined ? [] : [{ ...change, by }]
  })
}

interface Step {
  readonly event: TaskEvent
  readonly paths: readonly Path[]
}

const stepsFrom = (start: Task | null, events: readonly TaskEvent[]): readonly Step[] => {
  let task = start
  return events.map((event) => {
    const before = task
    task = evolveTask(task, event)
    return { event, paths: difference(asJson(before), asJson(task)).map(({ path }) => path) }
  })
}

/** A state is JSON by its construction; its type has names for what JSON calls members. */
const asJson = (task: Task | null): Json => task as unknown as Json

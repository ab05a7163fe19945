/** What waits for one task alone: the tasks that may begin when it is done. */
import type { StreamId } from '../event/envelope.ts'
import { waitsFor, type GraphTask } from './task-graph.ts'

export const releasedBy = (tasks: readonly GraphTask[], done: StreamId): readonly GraphTask[] =>
  tasks.filter((task) => {
    const waits = waitsFor(task)
    return task.isOpen && waits.length > 0 && waits.every((on) => on === done)
  })

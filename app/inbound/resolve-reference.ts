/** From how people name a task to the task itself. Only tasks of the same repository: even to say that there is none elsewhere would tell too much. */
import { taskStream, type StreamId } from '../domain/event/envelope.ts'
import type { TaskRef } from '../domain/task/state.ts'
import type { Projections } from '../engine/ports.ts'
import type { Reference } from './catalogue/reference.ts'

export const resolveReference = async (
  projections: Projections,
  home: { readonly project: StreamId; readonly repositoryId: number; readonly repository: string },
  reference: Reference,
): Promise<TaskRef | null> => {
  if (reference.kind === 'key') {
    const task = await projections.taskByKey(home.project, reference.key)
    return task === null ? null : { stream: task.stream, key: task.key }
  }
  if (reference.kind === 'elsewhere' && reference.repository !== home.repository.toLowerCase()) return null
  const found = await projections.task(taskStream(home.repositoryId, reference.number))
  return found === null ? null : { stream: found.task.stream, key: found.task.key }
}

/** From how people name a task to the task itself. Only tasks that the asker's project knows, or named projects of the same installation, count. */
import { taskStream, type StreamId } from '../domain/event/envelope.ts'
import type { TaskRef } from '../domain/task/state.ts'
import type { Projections } from '../engine/ports.ts'
import type { Reference } from './catalogue/reference.ts'

export const resolveReference = async (
  projections: Projections,
  home: { readonly project: StreamId; readonly repositoryId: number; readonly installationId: number },
  reference: Reference,
): Promise<TaskRef | null> => {
  if (reference.kind === 'key') {
    const task = await projections.taskByKey(home.project, reference.key)
    return task === null ? null : { stream: task.stream, key: task.key }
  }
  const repositoryId =
    reference.kind === 'number'
      ? home.repositoryId
      : await repositoryIdOf(projections, home.installationId, reference.repository)
  if (repositoryId === null) return null
  const found = await projections.task(taskStream(repositoryId, reference.number))
  return found === null ? null : { stream: found.task.stream, key: found.task.key }
}

/** Another installation is another workspace: its tasks are not even named. */
const repositoryIdOf = async (
  projections: Projections,
  installationId: number,
  repository: string,
): Promise<number | null> => {
  const project = await projections.projectByRepository(repository)
  return project?.installationId === installationId ? project.repositoryId : null
}

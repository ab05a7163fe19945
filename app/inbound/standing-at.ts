/** Which task stands on an issue, or once stood there; and the place from where it is worked on now. Reads the log only. */
import { projectStream, taskStream, type StreamId } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import type { Task } from '../domain/task/state.ts'
import type { Projections } from '../engine/ports.ts'
import type { RepositoryPlace } from './ports.ts'

export interface Standing {
  readonly place: RepositoryPlace
  readonly issue: number
}

/** Of an issue that is no task: the stream that it would get. */
export const streamAt = async (
  projections: Pick<Projections, 'taskAt'>,
  { repositoryId }: Pick<RepositoryPlace, 'repositoryId'>,
  number: number,
): Promise<StreamId> =>
  (await taskAt(projections, { repositoryId }, number))?.stream ?? taskStream(repositoryId, number)

export const taskAt = async (
  projections: Pick<Projections, 'taskAt'>,
  { repositoryId }: Pick<RepositoryPlace, 'repositoryId'>,
  number: number,
): Promise<Task | null> => (await projections.taskAt(projectStream(repositoryId), number))?.task ?? null

/** Where its issue was transferred to, when it was: the rights there count. Else as given. */
export const homeOf = async (
  projections: Pick<Projections, 'taskAt' | 'project'>,
  given: Standing,
): Promise<Standing> => {
  const task = await taskAt(projections, given.place, given.issue)
  if (task === null || task.project === projectStream(given.place.repositoryId)) return given
  const project = await projections.project(task.project)
  return project === null ? given : { place: placeOfProject(project), issue: task.number }
}

export const placeOfProject = (project: Project): RepositoryPlace => {
  const { repository, repositoryId, repositoryNodeId, installationId } = project
  const owner = repository.slice(0, repository.indexOf('/'))
  return { repository, repositoryId, repositoryNodeId, installationId, owner }
}

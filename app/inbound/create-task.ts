/** Makes an issue a task. The same whether `/task`, the task form or the label asked for it. */
import { taskStream } from '../domain/event/envelope.ts'
import type { Actor } from '../domain/actor.ts'
import type { Priority } from '../domain/task/state.ts'
import { handleCommand, type Engine, type Handled } from '../engine/handle-command.ts'
import type { RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'

/** Titles are GitHub's, at most 256 characters; longer ones are cut. */
const MAX_TITLE = 256

export const createTask = async (
  { engine, projects }: { readonly engine: Engine; readonly projects: ProjectOpener },
  place: RepositoryPlace,
  issue: { readonly number: number; readonly title: string; readonly priority?: Priority },
  actor: Actor,
  cause: string,
): Promise<Handled> => {
  const project = await projects.open(place)
  return handleCommand(engine, {
    stream: taskStream(place.repositoryId, issue.number),
    command: {
      type: 'create-task',
      project: project.stream,
      key: `${project.prefix}-${issue.number}`,
      number: issue.number,
      title: issue.title.slice(0, MAX_TITLE),
      priority: issue.priority ?? 'p2',
    },
    actor,
    cause,
  })
}

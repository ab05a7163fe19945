/** Makes an issue a task. The same whether `/task`, the task form or the label asked for it. The title is read: an edit of it may have been delivered before. */
import type { Priority } from '../domain/task/state.ts'
import { handleCommand, type Engine, type Handled } from '../engine/handle-command.ts'
import type { Asked } from '../engine/ports.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'
import { streamAt } from './standing-at.ts'

/** Titles are GitHub's, at most 256 characters; longer ones are cut. */
export const MAX_TITLE = 256

/** Null when the issue is gone, or is the project's own ledger, which is nobody's task. */
export const createTask = async (
  {
    engine,
    projects,
    facts,
  }: { readonly engine: Engine; readonly projects: ProjectOpener; readonly facts: GitHubFacts },
  place: RepositoryPlace,
  wanted: { readonly number: number; readonly priority?: Priority },
  { actor, cause, fingerprint }: Pick<Asked<unknown>, 'actor' | 'cause' | 'fingerprint'>,
): Promise<Handled | null> => {
  const issue = await facts.issue(place, wanted.number)
  if (issue === null) return null
  const project = await projects.open(place)
  if ((await engine.store.projections.project(project.stream))?.ledgerIssue === wanted.number) return null
  return handleCommand(engine, {
    stream: await streamAt(engine.store.projections, place, wanted.number),
    command: {
      type: 'create-task',
      project: project.stream,
      key: `${project.prefix}-${wanted.number}`,
      number: wanted.number,
      title: issue.title.slice(0, MAX_TITLE),
      priority: wanted.priority ?? 'p2',
    },
    actor,
    cause,
    fingerprint,
  })
}

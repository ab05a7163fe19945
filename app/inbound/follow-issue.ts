/**
 * Finds out where the issue of a task is now, and has the engine follow it. What a webhook says is a hint: it is the last word
 * only where GitHub shows us nothing.
 */
import type { Actor } from '../domain/actor.ts'
import { projectStream, type StreamId } from '../domain/event/envelope.ts'
import { isSameSpot } from '../domain/task/transferred.ts'
import type { Engine } from '../engine/handle-command.ts'
import { followTransfer } from '../engine/follow-transfer.ts'
import type { GitHubFacts, IssueSeen, RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'
import { placeOfProject } from './standing-at.ts'

export interface FollowDeps {
  readonly engine: Engine
  readonly facts: Pick<GitHubFacts, 'whereIssueIs' | 'installedAt'>
  readonly projects: Pick<ProjectOpener, 'open'>
}

/** An issue by its place. */
export interface IssueAt {
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
  readonly number: number
}

/** The issue was not found where the task says: true when the task was found elsewhere, or is known to be lost. */
export const followIssue = async (deps: FollowDeps, stream: StreamId, actor?: Actor): Promise<boolean> => {
  const { projections } = deps.engine.store
  const task = (await projections.task(stream))?.task
  const project = task === undefined ? null : await projections.project(task.project)
  if (task === undefined || project === null || task.away !== undefined) return false
  const seen = await deps.facts.whereIssueIs(placeOfProject(project), task.number)
  return seen.is === 'there' ? follow(deps, stream, seen, actor) : false
}

/**
 * GitHub says that the issue went from one place to another. Late news of a way that it has gone on from changes nothing.
 * True when there is a task that it was about.
 */
export const followNews = async (
  deps: FollowDeps,
  {
    from,
    to,
    through,
    actor,
  }: {
    readonly from: IssueAt
    readonly to: IssueAt
    /** A place of the installation that heard of it. */
    readonly through: RepositoryPlace
    readonly actor: Actor
  },
): Promise<boolean> => {
  const found = await deps.engine.store.projections.taskAt(projectStream(from.repositoryId), from.number)
  if (found === null) return false
  const { task } = found
  const at = task.away ?? { repositoryId: Number(task.project.split('/')[1]), number: task.number }
  const isNews = isSameSpot(
    { project: projectStream(at.repositoryId), number: at.number },
    { project: projectStream(from.repositoryId), number: from.number },
  )
  if (!isNews) return true
  const seen: IssueSeen = await deps.facts.whereIssueIs({ ...through, ...to }, to.number)
  await follow(deps, task.stream, seen.is === 'there' ? seen : to, actor)
  return true
}

/** Our own record stands on an issue that is not where the log has its task: believed only of one that is lost, or was transferred. */
export const followBack = async (deps: FollowDeps, stream: StreamId, to: IssueAt, actor: Actor): Promise<boolean> => {
  const task = (await deps.engine.store.projections.task(stream))?.task
  if (task?.away !== undefined) return follow(deps, stream, to, actor)
  return followIssue(deps, stream, actor)
}

const follow = async (
  { engine, facts, projects }: FollowDeps,
  stream: StreamId,
  { repository, repositoryId, number }: IssueAt,
  actor?: Actor,
): Promise<boolean> => {
  const there = await facts.installedAt(repository)
  if (there === null) return followTransfer(engine, stream, { in: 'outside', repositoryId, number }, actor)
  const { stream: project } = await projects.open(there)
  return followTransfer(engine, stream, { in: 'project', project, number }, actor)
}

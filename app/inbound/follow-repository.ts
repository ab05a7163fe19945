/** Brings what is known of repositories up to date when they, or their account, were given another name or another owner. Ids stay. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Engine } from '../engine/handle-command.ts'
import type { GitHubFacts } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'

export interface FollowRepositoryDeps {
  readonly engine: Engine
  readonly facts: Pick<GitHubFacts, 'repositoryNow'>
  readonly projects: Pick<ProjectOpener, 'open'>
}

/** True when it is called otherwise now, or is reached by another installation. */
export const followRepository = async (
  { engine, facts, projects }: FollowRepositoryDeps,
  stream: StreamId,
): Promise<boolean> => {
  const known = await engine.store.projections.project(stream)
  const now = known === null ? null : await facts.repositoryNow(known)
  if (known === null || now === null || now.repositoryId !== known.repositoryId) return false
  if (now.repository === known.repository && now.installationId === known.installationId) return false
  await projects.open(now)
  return true
}

/** The account was renamed: all of its repositories with it. */
export const followAccount = async (deps: FollowRepositoryDeps, installationId: number): Promise<number> => {
  let renamed = 0
  for (const project of await deps.engine.store.projections.projects()) {
    if (project.installationId === installationId && (await followRepository(deps, project.stream))) renamed += 1
  }
  return renamed
}

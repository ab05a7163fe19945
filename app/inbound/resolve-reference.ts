/**
 * From how people name a task to the task itself: of the same repository, or of another one of the same account that Muster
 * knows and that whoever asks may read. All others are answered alike: even to say that there is none would tell too much.
 */
import { hasRole, type Actor } from '../domain/actor.ts'
import { projectStream, taskStream } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import type { Dependency, Task, TaskRef } from '../domain/task/state.ts'
import type { Store } from '../engine/ports.ts'
import type { Reference } from './catalogue/reference.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'

export interface ResolveDeps {
  readonly store: Pick<Store, 'projections' | 'agentKeys'>
  readonly facts: Pick<GitHubFacts, 'roleOf'>
}

export const resolveReference = async (
  deps: ResolveDeps,
  home: RepositoryPlace,
  actor: Actor,
  reference: Reference,
): Promise<TaskRef | null> => {
  const { projections } = deps.store
  const here = projectStream(home.repositoryId)
  if (reference.kind === 'key') {
    const task = await projections.taskByKey(here, reference.key)
    return task === null ? keyElsewhere(deps, home, actor, reference.key) : refTo(task)
  }
  const isHome = reference.kind === 'number' || reference.repository === home.repository.toLowerCase()
  const project = isHome ? null : await projections.projectByRepository(reference.repository)
  if (!isHome && (project === null || !(await mayName(deps, home, actor, project)))) return null
  const found = await projections.taskAt(project?.stream ?? here, reference.number)
  return found === null ? null : refAsSeen(deps, home, actor, found.task)
}

/** Its issue may have been transferred since: who may name it is asked where it is now. */
const refAsSeen = async (
  deps: ResolveDeps,
  home: RepositoryPlace,
  actor: Actor,
  task: Task,
): Promise<TaskRef | null> => {
  if (task.project === projectStream(home.repositoryId)) return refTo(task)
  const project = await deps.store.projections.project(task.project)
  return project !== null && (await mayName(deps, home, actor, project)) ? refTo(task, project) : null
}

/** Among the dependencies that a task has: to drop one nobody needs to read what it is. */
export const findDependency = (task: Task, home: RepositoryPlace, reference: Reference): Dependency | null => {
  const wanted = (dependency: Dependency): boolean => {
    if (reference.kind === 'key') return dependency.key.toUpperCase() === reference.key
    const isHome = reference.kind === 'number' || reference.repository === home.repository.toLowerCase()
    if (isHome) return dependency.stream === taskStream(home.repositoryId, reference.number)
    const number = Number(dependency.stream.split('/')[2])
    return dependency.repository?.toLowerCase() === reference.repository && number === reference.number
  }
  return task.dependsOn.find(wanted) ?? null
}

/** A key that two projects of the account have names none of them; one that a task had before it was transferred names it as well. */
const keyElsewhere = async (
  deps: ResolveDeps,
  home: RepositoryPlace,
  actor: Actor,
  key: string,
): Promise<TaskRef | null> => {
  const { projections } = deps.store
  const prefix = key.slice(0, key.indexOf('-')).toUpperCase()
  const found: TaskRef[] = []
  for (const project of await projections.projects()) {
    if (project.prefix !== prefix || !(await mayName(deps, home, actor, project))) continue
    const task = await projections.taskByKey(project.stream, key)
    if (task !== null) found.push(refTo(task, project))
  }
  for (const task of found.length === 0 ? await projections.tasksByFormerKey(null, key) : []) {
    const ref = await refAsSeen(deps, home, actor, task)
    if (ref !== null) found.push(ref)
  }
  return found.length === 1 ? (found[0] ?? null) : null
}

const refTo = ({ stream, key }: Task, elsewhere?: Project): TaskRef =>
  elsewhere === undefined ? { stream, key } : { stream, key, repository: elsewhere.repository }

/** People by their role there; agents by having a key of that project too; others not at all. */
const mayName = async (
  { store, facts }: ResolveDeps,
  home: RepositoryPlace,
  actor: Actor,
  project: Project,
): Promise<boolean> => {
  if (project.installationId !== home.installationId || project.repositoryId === home.repositoryId) return false
  if (actor.kind === 'agent') return store.agentKeys.opens(actor.id, project.stream)
  if (actor.kind !== 'user') return false
  const { repository, repositoryId, repositoryNodeId, installationId } = project
  const place = { repository, repositoryId, repositoryNodeId, installationId, owner: home.owner }
  return hasRole(await facts.roleOf(place, actor.id), 'read')
}

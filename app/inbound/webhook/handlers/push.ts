/** Pushes: the head of a task's branch moves its live attempt; a change of the configuration file makes it read again. */
import { keyInBranch } from '../../../domain/task/branch.ts'
import { isLive } from '../../../domain/task/state.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { HandlerDeps } from '../deps.ts'
import { observeHead } from './pull-request.ts'

export interface Push {
  readonly ref: string
  readonly before: string
  readonly after: string
  readonly deleted: boolean
  readonly defaultBranch: string
  /** Paths that the pushed commits touch, as far as the payload lists them. */
  readonly paths: readonly string[]
}

export const CONFIGURATION_PATH = '.github/muster.yml'

export const onPush = async (deps: HandlerDeps, place: RepositoryPlace, push: Push): Promise<void> => {
  const branch = push.ref.replace(/^refs\/heads\//, '')
  if (branch === push.defaultBranch && push.paths.includes(CONFIGURATION_PATH)) {
    await deps.projects.forgetSettings(place.repositoryId)
  }
  const key = keyInBranch(branch)
  if (key === null || push.deleted) return
  const project = await deps.projects.open(place)
  const task = await deps.engine.store.projections.taskByKey(project.stream, key)
  const attempt = task?.attempts.find(({ status }) => isLive(status))
  if (task === null || attempt === undefined) return
  // A push that follows the head we know is the newest one we can know of; otherwise deliveries came out of order and we look.
  const follows = attempt.headSha === null ? isNew(push.before) : attempt.headSha === push.before
  const head = follows ? push.after : await deps.facts.branchHead(place, branch)
  if (head !== null) await observeHead(deps, task.stream, branch, head)
}

const isNew = (before: string): boolean => /^0+$/.test(before)

/** Pushes: the head of a task's branch moves its live attempt; the default branch is where the next one starts, and a change of the configuration file there makes it read again. */
import { attemptInTrailer, keyInBranch } from '../../../domain/task/branch.ts'
import type { Documents } from '../../../engine/ports.ts'
import { isAccountsOwn } from '../../groups-of.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { HandlerDeps } from '../deps.ts'
import { observeHead } from './pull-request.ts'

export interface Push {
  readonly ref: string
  readonly before: string
  readonly after: string
  readonly deleted: boolean
  readonly defaultBranch: string
  /** How many commits are new with it; a branch that is only made where another one stands has none. */
  readonly commits: number
  /** Login of who pushed. */
  readonly by?: string
  /** Message of the commit that the branch stands at after it. */
  readonly headMessage: string
  /** Paths that the pushed commits touch, as far as the payload lists them. */
  readonly paths: readonly string[]
}

export const CONFIGURATION_PATH = '.github/muster.yml'

export const onPush = async (deps: HandlerDeps, place: RepositoryPlace, push: Push): Promise<void> => {
  const branch = push.ref.replace(/^refs\/heads\//, '')
  if (branch === push.defaultBranch && push.paths.includes(CONFIGURATION_PATH)) {
    await deps.projects.forgetSettings(place.repositoryId)
    if (isAccountsOwn(place)) await deps.projects.forgetGroups(place)
  }
  const key = keyInBranch(branch)
  if (key === null && branch !== push.defaultBranch) return
  const isNewest = await noteLeft(deps.engine.store.documents, `${place.repositoryId}:${branch}`, push)
  // Taken from the payload and not read again: what stands on this commit never blocks, so that an older one does no harm.
  if (branch === push.defaultBranch && isNewest)
    await deps.facts.noteDefaultHead(place, push.deleted ? null : push.after)
  if (key === null) return
  const onlyMade = isNew(push.before) && push.commits === 0
  if (push.deleted || onlyMade) return
  const project = await deps.projects.open(place)
  const task = await deps.engine.store.projections.taskByKey(project.stream, key)
  if (task === null || task.attempts.length === 0) return
  const attempt = attemptInTrailer(push.headMessage, task.key)
  // A push that follows the head we know, and that no other push has left behind, is the newest that was delivered; otherwise
  // deliveries came out of order and we look.
  const known = task.attempts.findLast(({ headSha }) => headSha !== null)?.headSha ?? null
  const follows = known === null ? isNew(push.before) : known === push.before
  const head = follows && isNewest ? push.after : await deps.facts.branchHead(place, branch)
  // What the commit says holds for that commit only.
  if (head === null) return
  const isOwn = head === push.after
  await observeHead(deps, task.stream, branch, head, isOwn ? attempt : null, push.by)
}

/** Document: the commits that pushes moved a branch away from, newest last. */
const LEFT = 'heads-left'
/** Pushes to one branch are not delivered further out of order than this. */
const LEFT_KEPT = 50

/** Notes that a push left a commit behind; whether no push that we know of has left this one's own commit. */
const noteLeft = async (documents: Documents, key: string, push: Push): Promise<boolean> => {
  const text = await documents.get(LEFT, key)
  const left = text === null ? [] : (JSON.parse(text) as readonly string[])
  if (!isNew(push.before) && !left.includes(push.before)) {
    await documents.put(LEFT, key, JSON.stringify([...left, push.before].slice(-LEFT_KEPT)))
  }
  return !left.includes(push.after)
}

const isNew = (before: string): boolean => /^0+$/.test(before)

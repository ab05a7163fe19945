/** Pull requests that name a task: linked, followed, and completed by their merge. Their state is read from GitHub, not from the payload. */
import { MUSTER } from '../../../domain/actor.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import { attemptInTrailer, keyInBranch } from '../../../domain/task/branch.ts'
import { namedTasks } from '../../../domain/task/named-tasks.ts'
import type { PullRequest, Task } from '../../../domain/task/state.ts'
import { factCause } from '../../../engine/cause.ts'
import { handleCommand } from '../../../engine/handle-command.ts'
import type { PullRequestFacts, RepositoryPlace } from '../../ports.ts'
import type { OpenProject } from '../../project-of.ts'
import { taskAt } from '../../standing-at.ts'
import type { HandlerDeps } from '../deps.ts'

/**
 * `action` is GitHub's. A pull request gains tasks by its text while it is open and as it is closed, never later: an author may
 * edit a merged one for ever. `missed`: nobody told of its closing, and this is what it said then.
 */
export const onPullRequest = async (
  deps: HandlerDeps,
  place: RepositoryPlace,
  number: number,
  action: string,
  missed: string | null = null,
): Promise<void> => {
  const read = await deps.facts.pullRequest(place, number)
  if (read === null) return
  const seen = read.state === 'open' || missed === null ? read : { ...read, body: missed }
  const project = await deps.projects.open(place)
  const { branch, headSha, state } = seen
  const pullRequest: PullRequest = { number, branch, headSha, state }
  const mayGain = seen.state === 'open' || action === 'closed'
  for (const { stream, key } of await tasksOf(deps, project, seen, place, mayGain)) {
    const followHead = async (): Promise<void> => {
      const isBranchOfTask = seen.headRepositoryId === place.repositoryId && keyInBranch(branch) === key
      if (isBranchOfTask) await observeHead(deps, stream, branch, headSha, null)
      else if (mayOffer(seen, place)) await offerHead(deps, stream, seen, place)
    }
    // What was pushed before it was closed was missed as well.
    if (state !== 'open' && missed !== null) await followHead()
    // The version makes it a fact of its time: a pull request that is opened again stands as it stood before.
    const { version } = await deps.engine.store.log.load(stream)
    const value = `${version}:${number}:${state}:${headSha}:${branch}`
    const { outcome } = await handleCommand(deps.engine, {
      stream,
      command: { type: 'observe-pull-request', pullRequest },
      actor: MUSTER,
      cause: factCause(stream, 'pull-request', value),
    })
    if (!outcome.ok) deps.log.warn('pull request not noted', { stream, pull: number, reason: outcome.rejection.code })
    if (state === 'open') await followHead()
  }
}

/** A fork is nobody's attempt, a task's branch is that task's only, and the default branch is where work starts. */
const mayOffer = (seen: PullRequestFacts, place: RepositoryPlace): boolean =>
  seen.headRepositoryId === place.repositoryId && !seen.isFromDefault && keyInBranch(seen.branch) === null

/** Commits are read only while the newest attempt has no branch and whoever opened the pull request is not who works on it. */
const offerHead = async (
  { engine, facts }: HandlerDeps,
  stream: StreamId,
  { number, branch, headSha, author, openedAt }: PullRequestFacts,
  place: RepositoryPlace,
): Promise<void> => {
  const offer = async (attempts: readonly number[]): Promise<Task | undefined> => {
    const { version } = await engine.store.log.load(stream)
    await handleCommand(engine, {
      stream,
      command: { type: 'offer-head', branch, headSha, author, openedAt, attempts },
      actor: MUSTER,
      cause: factCause(stream, `offer:${version}`, `${number}:${branch}:${headSha}:${attempts.join()}`),
    })
    return (await engine.store.projections.task(stream))?.task
  }
  const task = await offer([])
  const newest = task?.attempts.at(-1)
  if (task === undefined || newest === undefined || newest.branch !== null || newest.headSha !== null) return
  const messages = await facts.commitMessages(place, number)
  const attempts = messages.map((message) => attemptInTrailer(message, task.key)).filter((n) => n !== null)
  if (attempts.length > 0) await offer([...new Set(attempts)])
}

/** Tells an attempt of a task where its branch stands; `attempt` null: the one at work, or the newest that has no head yet. */
export const observeHead = async (
  { engine }: Pick<HandlerDeps, 'engine'>,
  stream: StreamId,
  branch: string,
  headSha: string,
  attempt: number | null,
  by?: string,
): Promise<void> => {
  const { version } = await engine.store.log.load(stream)
  await handleCommand(engine, {
    stream,
    command: { type: 'observe-head', branch, headSha, attempt, ...(by === undefined ? {} : { by }) },
    actor: MUSTER,
    cause: factCause(stream, `head:${version}`, headSha),
  })
}

/** Only tasks that exist; a branch counts only in the repository itself, because a fork may use any name. */
const tasksOf = async (
  { engine }: HandlerDeps,
  project: OpenProject,
  seen: PullRequestFacts,
  place: RepositoryPlace,
  mayGain: boolean,
): Promise<readonly Task[]> => {
  const { projections } = engine.store
  if (!mayGain) {
    const tasks = await projections.tasks(project.stream)
    return tasks.filter(({ pullRequests }) => pullRequests.some(({ number }) => number === seen.number))
  }
  const own = seen.headRepositoryId === place.repositoryId
  const named = namedTasks(seen.body, own ? seen.branch : '')
  const tasks = new Map<StreamId, Task>()
  for (const number of named.closes) {
    const task = await taskAt(projections, place, number)
    // One that was transferred away is nothing that a pull request here could close.
    if (task?.project === project.stream) tasks.set(task.stream, task)
  }
  for (const key of named.keys) {
    const task = await projections.taskByKey(project.stream, key)
    if (task !== null) tasks.set(task.stream, task)
  }
  return [...tasks.values()]
}

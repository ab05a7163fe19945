/** Issues: the label `muster` makes a task, a new title is followed, and whatever people change on a task's issue is looked at. */
import { hasRole, type Actor } from '../../../domain/actor.ts'
import type { Millis } from '../../../domain/event/envelope.ts'
import { isClosed } from '../../../domain/task/state.ts'
import { clickCause, factCause } from '../../../engine/cause.ts'
import { handleCommand } from '../../../engine/handle-command.ts'
import { createTask, MAX_TITLE } from '../../create-task.ts'
import type { RepositoryPlace } from '../../ports.ts'
import { streamAt } from '../../standing-at.ts'
import type { HandlerDeps } from '../deps.ts'

/** The one label that asks for a task; the task form carries it. */
const TASK_LABEL = 'muster'

/** GitHub does not tell `Muster` from `muster`. */
export const isTaskLabel = (name: string): boolean => name.toLowerCase() === TASK_LABEL

export interface IssueChange {
  readonly number: number
  readonly nodeId: string
  readonly labels: readonly string[]
  /** Who did it. */
  readonly sender: { readonly login: string; readonly isBot: boolean; readonly isOurs: boolean }
}

/** The label was put on, or the issue was opened with it. A form puts its labels on for anybody, so who asked is checked as for `/task`. */
export const onTaskLabel = async (deps: HandlerDeps, place: RepositoryPlace, issue: IssueChange): Promise<void> => {
  if (issue.sender.isOurs) return
  const stream = await streamAt(deps.engine.store.projections, place, issue.number)
  if ((await deps.engine.store.projections.task(stream)) !== null) return
  const { login, isBot } = issue.sender
  if (!hasRole(await deps.facts.roleOf(place, login), 'triage')) {
    deps.log.info('label ignored: needs the triage role', { repository: place.repository, issue: issue.number })
    return
  }
  const actor: Actor = { kind: isBot ? 'bot' : 'user', id: login }
  await createTask(deps, place, issue, { actor, cause: clickCause('task-label', issue.nodeId) })
}

/** Two edits may arrive in the wrong order, so the title is read. */
export const onTitle = async (
  { engine, facts }: HandlerDeps,
  place: RepositoryPlace,
  change: IssueChange,
): Promise<void> => {
  const stream = await streamAt(engine.store.projections, place, change.number)
  const { version } = await engine.store.log.load(stream)
  if (version === 0) return
  const issue = await facts.issue(place, change.number)
  if (issue === null) return
  await handleCommand(engine, {
    stream,
    command: { type: 'change-title', title: issue.title.slice(0, MAX_TITLE) },
    actor: { kind: change.sender.isBot ? 'bot' : 'user', id: change.sender.login },
    cause: factCause(stream, `title:${version}`, issue.title),
  })
}

/** Labels, state and the like: what was changed is found by looking, not by believing the payload. */
export const onTouched = async (
  deps: HandlerDeps,
  place: RepositoryPlace,
  issue: IssueChange,
  /** When the issue was opened again, by GitHub's clock; null: that is not what was done. */
  reopenedAt: Millis | null = null,
): Promise<void> => {
  if (issue.sender.isOurs) return
  const stream = await streamAt(deps.engine.store.projections, place, issue.number)
  const task = (await deps.engine.store.projections.task(stream))?.task
  if (task === undefined) return
  const { login, isBot } = issue.sender
  // One that is told of late says nothing of a task that was closed since.
  const reopened = reopenedAt !== null && isClosed(task.status) && reopenedAt + CLOCKS_DIFFER_MS > task.statusSince
  await deps.observe(stream, { kind: isBot ? 'bot' : 'user', id: login }, reopened)
}

/** GitHub tells whole seconds, by a clock of its own. */
const CLOCKS_DIFFER_MS: Millis = 2000

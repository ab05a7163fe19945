/** The buttons of check runs. What a click does, and whether the clicker may, is decided where the click arrives. */
import { isClosed, type Attempt, type Task } from '../../../domain/task/state.ts'
import type { CheckAction } from './check-run.ts'

/** The identifiers that come back with a click. */
export const CHECK_ACTIONS = {
  retry: { label: 'Retry', description: 'Let an agent try again now', identifier: 'retry' },
  escalate: { label: 'Escalate', description: 'Ask a person to decide', identifier: 'escalate' },
  skip: { label: 'Skip', description: 'Go on without this task', identifier: 'skip' },
  fail: { label: 'Fail', description: 'Give the task up as failed', identifier: 'fail' },
} as const satisfies Record<string, CheckAction>

export type CheckActionIdentifier = keyof typeof CHECK_ACTIONS

/** Only the newest attempt of an open task has buttons: a click on an older one would mean something else than it says. */
export const actionsFor = (task: Task, attempt: Attempt): readonly CheckAction[] => {
  const newest = attempt.n === task.attempts.length
  const { retry, escalate, skip, fail } = CHECK_ACTIONS
  if (!newest || isClosed(task.status)) return []
  if ((task.beneath ?? task.status) === 'needs_human') return [retry, skip, fail]
  return attempt.status === 'failed' || attempt.status === 'expired' ? [retry, escalate] : []
}

/** What follows a failed attempt: wait and be ready again, or ask a person. By the failure table, the project's settings and the task's own. Whether the money lasts is looked at in budget/unaffordable.ts. */
import type { Millis } from '../event/envelope.ts'
import { policyOf } from '../failure/codes.ts'
import type { Failure } from '../failure/failure.ts'
import type { RetrySettings, Settings } from '../settings.ts'
import { taskEvent, type NewTaskEvent } from '../task/events.ts'
import type { Task } from '../task/state.ts'
import { backoff } from './backoff.ts'
import { nextTier } from './next-tier.ts'

/** `retryAfterMs`: how long the limit that was hit says to wait, when it says so. */
export const afterFailure = (
  task: Task,
  failure: Failure,
  retryAfterMs: Millis | null,
  { now, settings }: { readonly now: Millis; readonly settings: Settings },
): readonly NewTaskEvent[] => {
  const policy = policyOf(failure)
  const limits: RetrySettings = {
    ...settings.retry,
    ...settings.retry.classes[failure.class],
    ...task.details.retry,
  }
  const before = task.attempts.filter(({ n, status }) => n >= task.retriesFrom && status === 'failed')
  const ofClass = before.filter((attempt) => attempt.failure?.class === failure.class)
  const ask = (why: string): readonly NewTaskEvent[] => [
    taskEvent('human-needed', { reason: `${failure.class}: ${why}; ${policy.recovery}` }),
  ]

  if (!policy.retry.allowed) return ask('another attempt would not help')
  const tier = policy.retry.changed === true ? nextTier(task, settings) : null
  if (policy.retry.changed === true && tier === null) {
    return ask('another attempt with the same inputs would fail the same way')
  }
  if (policy.retry.afterReset === true && retryAfterMs === null) return ask('nobody said when it is over')
  if (policy.retry.limit !== undefined && ofClass.length >= policy.retry.limit) {
    return ask(`this class is retried at most ${times(policy.retry.limit)}`)
  }
  if (before.length + 1 >= limits.maxAttempts) return ask(`${times(limits.maxAttempts)} failed`)

  const wait = Math.max(retryAfterMs ?? 0, backoff(limits, before.length + 1, `${task.stream}#${task.attempts.length}`))
  const { deadline } = task.details
  if (deadline !== undefined && now + wait > deadline) return ask('the next attempt would begin after the deadline')
  const changed =
    tier === null
      ? []
      : [taskEvent('tier-changed', { from: task.details.tier ?? null, to: tier.name, reason: failure.class })]
  return [...changed, taskEvent('task-held', { until: now + wait, reason: `${failure.class}, ${policy.recovery}` })]
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)

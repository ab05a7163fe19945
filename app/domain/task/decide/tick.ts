/**
 * Time passing: a lease whose volatile deadline is over expires, an attempt that runs too long fails, what was asked for and not
 * given back is taken back, a backoff that is over ends.
 */
import { accept } from '../../rejection.ts'
import type { Millis } from '../../event/envelope.ts'
import { afterFailure } from '../../retry/after-failure.ts'
import type { Failure } from '../../failure/failure.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { timeoutOf } from '../next-moment.ts'
import type { Lease, Task } from '../state.ts'
import type { Decide } from './context.ts'
import { readyOrWaiting } from './readiness.ts'

/** After so many agents in a row that gave no sign of life, trying again is not the answer. */
export const STRIKES = 3

export const tick: Decide<'tick'> = (task, { leaseUntil }, context) => {
  const { now } = context
  const { lease, waiting } = task
  if (lease !== null && leaseUntil !== null && leaseUntil <= now) return accept(...expire(task, lease, leaseUntil))
  const timeout = timeoutOf(task)
  if (lease !== null && timeout !== null && timeout <= now) {
    const failure = tooLong(timeout - lease.grantedAt)
    return accept(
      taskEvent('attempt-failed', { attempt: lease.attempt, fence: lease.fence, failure }),
      ...afterFailure(task, failure, null, context),
    )
  }
  if (lease?.preempt !== undefined && lease.preempt.until <= now) {
    const reason = `its room was needed for ${lease.preempt.by}`
    return accept(
      taskEvent('lease-released', { attempt: lease.attempt, fence: lease.fence, reason }),
      readyOrWaiting(task, reason),
    )
  }
  if (waiting?.for === 'backoff' && waiting.until <= now) return accept(readyOrWaiting(task, 'the wait is over'))
  return accept()
}

/**
 * Who was heard of once and then no more may have lost a machine or a network: no failure, and whatever went wrong before is
 * over. Who was never heard of could not even begin: a strike.
 */
export const expire = (task: Task, { attempt, fence }: Lease, deadline: Millis): readonly NewTaskEvent[] => {
  const started = hasBegun(task, attempt)
  const strikes = started ? 0 : task.strikes + 1
  const next: NewTaskEvent =
    strikes >= STRIKES
      ? taskEvent('human-needed', { reason: `${strikes} leases in a row ran out before the agent gave a sign of life` })
      : readyOrWaiting(task, 'the lease ran out')
  return [taskEvent('lease-expired', { attempt, fence, started, strikes, deadline }), next]
}

/** With its first heartbeat at the latest. */
export const hasBegun = ({ attempts }: Task, attempt: number): boolean =>
  attempts.some(({ n, startedAt }) => n === attempt && startedAt !== null)

const MINUTE = 60_000

const tooLong = (timeoutMs: number): Failure => ({
  class: 'timeout',
  message: `The attempt was not done after ${Math.max(1, Math.round(timeoutMs / MINUTE))} minutes, which is all that the task allows.`,
})

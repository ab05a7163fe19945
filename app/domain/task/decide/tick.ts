/** Time passing: a lease whose volatile deadline is over expires, a backoff that is over ends. */
import { accept } from '../../rejection.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import type { Decide } from './context.ts'
import { readyOrWaiting } from './readiness.ts'

/** After so many leases ran out in a row, trying again is not the answer. */
export const STRIKES = 3

export const tick: Decide<'tick'> = (task, { leaseUntil }, { now }) => {
  const { lease, waiting } = task
  if (lease !== null && leaseUntil !== null && leaseUntil <= now) {
    const started = task.attempts.some(({ n, startedAt }) => n === lease.attempt && startedAt !== null)
    const strikes = task.strikes + 1
    const next: NewTaskEvent =
      strikes >= STRIKES
        ? taskEvent('human-needed', { reason: `${strikes} leases in a row ran out without a heartbeat` })
        : readyOrWaiting(task, 'the lease ran out')
    return accept(taskEvent('lease-expired', { attempt: lease.attempt, fence: lease.fence, started }), next)
  }
  if (waiting?.for === 'backoff' && waiting.until <= now) return accept(readyOrWaiting(task, 'the wait is over'))
  return accept()
}

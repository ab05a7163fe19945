/** Asking the holder of a lease to give the task back for something more urgent, with a while to do so by itself. */
import { accept } from '../../rejection.ts'
import type { Millis } from '../../event/envelope.ts'
import { taskEvent } from '../events.ts'
import { sameFence } from '../fence.ts'
import type { Decide } from './context.ts'

/** Enough to push what is there, where the project says nothing. */
const GRACE_MS: Millis = 5 * 60_000

/** Whoever has given it back meanwhile, or was asked before, is not asked. */
export const askPreemption: Decide<'ask-preemption'> = ({ lease }, { by, fence }, { now, settings }) => {
  if (lease === null || !sameFence(lease.fence, fence) || lease.preempt !== undefined) return accept()
  const until = now + (settings.lease.preemptGraceMs ?? GRACE_MS)
  return accept(taskEvent('preemption-asked', { attempt: lease.attempt, fence, by, until }))
}

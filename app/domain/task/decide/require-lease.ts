/** The check before every write that an attempt makes: is there a live lease, and does it belong to the one who asks? */
import type { Actor } from '../../actor.ts'
import type { Rejection } from '../../rejection.ts'
import { sameFence } from '../fence.ts'
import type { Fence, Lease, Task } from '../state.ts'
import type { DecideContext } from './context.ts'

/** Who asks, in which epoch of the project. */
export type Asking = Pick<DecideContext, 'actor' | 'epoch'>

/**
 * The lease, or why the write is refused. The person who claimed may leave the fence out, because they see the thread; bots
 * and agents must name it, because they may act on an old view. A fence of an older epoch is void even where the lease
 * still stands: grants that came after it may have been lost.
 */
export const requireLease = (
  task: Task,
  fence: Fence | null,
  { actor, epoch }: Asking,
  verb: string,
): Lease | Rejection => {
  const { lease, key, status } = task
  if (lease === null) {
    return fence !== null && (fence.n < task.fence.n || fence.epoch < task.fence.epoch)
      ? { code: 'stale-fence', key, given: fence, current: task.fence, epoch, status }
      : { code: 'no-lease', key, verb, status, ...(task.away === undefined ? {} : { away: true as const }) }
  }
  if (fence !== null && (fence.epoch < epoch || !sameFence(fence, lease.fence))) {
    return { code: 'stale-fence', key, given: fence, current: lease.fence, epoch, status }
  }
  const holds = isHeldBy(lease, actor)
  if (!holds) return { code: 'not-the-holder', key, holder: lease.owner, actor }
  if (fence === null && actor.kind !== 'user') return { code: 'fence-missing', key, holder: lease.owner }
  return lease
}

export const isRejection = (value: object): value is Rejection => 'code' in value

/**
 * For what anybody may write who has the role: who names a fence speaks as the holder and must be it; null when nothing
 * stands in the way.
 */
export const refuseVoidFence = (task: Task, fence: Fence | null, asking: Asking, verb: string): Rejection | null => {
  if (fence === null) return null
  const lease = requireLease(task, fence, asking, verb)
  return isRejection(lease) ? lease : null
}

/** The same for what bots and agents say of the work: they may only while it is theirs. */
export const refuseUnheld = (task: Task, fence: Fence | null, asking: Asking, verb: string): Rejection | null => {
  if (fence === null && asking.actor.kind === 'user') return null
  const lease = requireLease(task, fence, asking, verb)
  return isRejection(lease) ? lease : null
}

/**
 * Which attempt a fact is about, or why it is refused. Bots and agents may only add to the attempt whose lease they hold;
 * a person may add to the newest one, and speaks as its holder when naming the fence.
 */
export const attemptToAddTo = (
  task: Task,
  fence: Fence | null,
  asking: Asking,
  verb: string,
): { readonly attempt: number | null } | Rejection =>
  fence === null && asking.actor.kind === 'user'
    ? { attempt: task.lease?.attempt ?? task.attempts.at(-1)?.n ?? null }
    : requireLease(task, fence, asking, verb)

/** By whoever claimed; or by the agent that a person claimed for, with the agent's own key. */
export const isHeldBy = ({ holder, owner }: Lease, actor: Actor): boolean =>
  (holder.kind === actor.kind && holder.id === actor.id) ||
  (holder.kind === 'user' && owner !== holder.id && actor.kind === 'agent' && actor.id === owner)

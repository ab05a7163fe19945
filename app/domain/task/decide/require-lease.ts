/** The check before every write that an attempt makes: is there a live lease, and does it belong to the one who asks? */
import type { Actor } from '../../actor.ts'
import type { Rejection } from '../../rejection.ts'
import { sameFence } from '../fence.ts'
import type { Fence, Lease, Task } from '../state.ts'

/**
 * The lease, or why the write is refused. The person who claimed may leave the fence out, because they see the thread; bots
 * and agents must name it, because they may act on an old view.
 */
export const requireLease = (task: Task, fence: Fence | null, actor: Actor, verb: string): Lease | Rejection => {
  const { lease, key } = task
  if (lease === null) {
    return fence !== null && (fence.n < task.fence.n || fence.epoch < task.fence.epoch)
      ? { code: 'stale-fence', key, given: fence, current: task.fence }
      : { code: 'no-lease', key, verb }
  }
  if (fence !== null && !sameFence(fence, lease.fence)) {
    return { code: 'stale-fence', key, given: fence, current: lease.fence }
  }
  const holds = isHeldBy(lease, actor)
  if (!holds) return { code: 'not-the-holder', key, holder: lease.owner, actor }
  if (fence === null && actor.kind !== 'user') return { code: 'fence-missing', key, holder: lease.owner }
  return lease
}

export const isRejection = (value: Lease | Rejection): value is Rejection => 'code' in value

/** By whoever claimed; or by the agent that a person claimed for, with the agent's own key. */
export const isHeldBy = ({ holder, owner }: Lease, actor: Actor): boolean =>
  (holder.kind === actor.kind && holder.id === actor.id) ||
  (holder.kind === 'user' && owner !== holder.id && actor.kind === 'agent' && actor.id === owner)

/** What the holder of a lease should know, told on its next heartbeat. Nothing here is an order that a fence would not enforce. */
import type { Millis } from '../event/envelope.ts'
import { killOf, type Kill } from '../project/kill.ts'
import type { Task } from './state.ts'

export interface Signals {
  /** A person has stopped it: end the attempt now; what is done so far can still be handed in. */
  readonly stop?: { readonly reason: string }
  /** More urgent work has no room: give the task back, or it is taken back then. */
  readonly preempt?: { readonly by: string; readonly until: Millis }
}

/** `kills`: those of its project that are on. */
export const signalsOf = ({ lease }: Pick<Task, 'lease'>, kills?: readonly Kill[]): Signals => {
  const kill = lease === null ? null : killOf(kills, lease.owner, lease.holder)
  return {
    ...(kill === null ? {} : { stop: { reason: `${kill.scope} killed by ${kill.by}: ${kill.reason}` } }),
    ...(lease?.preempt === undefined ? {} : { preempt: lease.preempt }),
  }
}

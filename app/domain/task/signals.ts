/** What the holder of a lease should know, told on its next heartbeat. Nothing here is an order that a fence would not enforce. */
import type { Millis } from '../event/envelope.ts'
import type { Task } from './state.ts'

export interface Signals {
  /** More urgent work has no room: give the task back, or it is taken back then. */
  readonly preempt?: { readonly by: string; readonly until: Millis }
}

export const signalsOf = ({ lease }: Pick<Task, 'lease'>): Signals =>
  lease?.preempt === undefined ? {} : { preempt: lease.preempt }

/** What the holder of a lease should know, told on its next heartbeat. Nothing here is an order that a fence would not enforce. */
import { UNITS } from '../budget/books.ts'
import type { Millis } from '../event/envelope.ts'
import { renderAmount } from '../text/amounts.ts'
import { killOf, type Kill } from '../project/kill.ts'
import type { Task } from './state.ts'

export interface Signals {
  /** End the attempt now; what is done so far can still be handed in. */
  readonly stop?: { readonly reason: string }
  /** More urgent work has no room: give the task back, or it is taken back then. */
  readonly preempt?: { readonly by: string; readonly until: Millis }
}

/** `kills`: those of its project that are on. */
export const signalsOf = (task: Pick<Task, 'lease' | 'attempts'>, kills?: readonly Kill[]): Signals => {
  const reason = killedBy(task, kills) ?? overrunOf(task)
  return {
    ...(reason === null ? {} : { stop: { reason } }),
    ...(task.lease?.preempt === undefined ? {} : { preempt: task.lease.preempt }),
  }
}

const killedBy = ({ lease }: Pick<Task, 'lease'>, kills?: readonly Kill[]): string | null => {
  const kill = lease === null ? null : killOf(kills, lease.owner, lease.holder)
  return kill === null ? null : `${kill.scope} killed by ${kill.by}: ${kill.reason}`
}

const overrunOf = ({ lease, attempts }: Pick<Task, 'lease' | 'attempts'>): string | null => {
  const overrun = attempts.find(({ n }) => n === lease?.attempt)?.overrun
  const passed = UNITS.filter((unit) => (overrun?.[unit] ?? 0) > 0)
  if (overrun === undefined || passed.length === 0) return null
  const above = passed.map((unit) => renderAmount(unit, overrun[unit])).join(' and ')
  return `the attempt is ${above} above what was reserved for it`
}

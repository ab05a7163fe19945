/** Whose work gives way to more urgent work that has no room: the least urgent, and of those what was begun last. Asks nobody. */
import { PRIORITIES, type Task } from '../task/state.ts'

/** Those that may be asked, whom to ask first; none when the urgent task has asked already. */
export const whomToPreempt = (urgent: Task, held: readonly Task[]): readonly Task[] => {
  if (held.some(({ lease }) => lease?.preempt?.by === urgent.key)) return []
  const band = ({ priority }: Task): number => PRIORITIES.indexOf(priority)
  return held
    .filter((task) => task.lease !== null && task.lease.preempt === undefined && band(task) > band(urgent))
    .toSorted((a, b) => band(b) - band(a) || (b.lease?.grantedAt ?? 0) - (a.lease?.grantedAt ?? 0))
}

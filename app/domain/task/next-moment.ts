/** When time has something to change in a task by itself. The deadline of its lease is not among it: heartbeats move that one outside the log. */
import type { Millis } from '../event/envelope.ts'
import type { Task } from './state.ts'

/** When the live attempt has run for as long as one may, from its claim on; null: there is none, or no such time. */
export const timeoutOf = ({ lease, details }: Pick<Task, 'lease' | 'details'>): Millis | null =>
  lease === null || details.timeoutMs === undefined ? null : lease.grantedAt + details.timeoutMs

/** The earliest of all; `tick` changes something then. Null: nothing until something else happens. */
export const nextMoment = (task: Task): Millis | null => {
  const { waiting, lease } = task
  const backoff = waiting?.for === 'backoff' ? waiting.until : null
  const moments = [backoff, timeoutOf(task), lease?.preempt?.until ?? null].filter((at) => at !== null)
  return moments.length === 0 ? null : Math.min(...moments)
}

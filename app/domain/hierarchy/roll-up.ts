/** What a task and all its parts come to together: how many are done, and what they have cost. Sums only what is known. */
import { isClosed, type MicroUsd, type Task, type TaskStatus } from '../task/state.ts'

export interface RollUp {
  /** Parts at every level, the task itself not among them. */
  readonly parts: number
  readonly byStatus: Readonly<Partial<Record<TaskStatus, number>>>
  readonly done: number
  readonly open: number
  /** Done among those that were not canceled, 0 to 100 and whole; null where there is none. */
  readonly percent: number | null
  /** Of the task itself and its parts. */
  readonly attempts: number
  readonly costMicroUsd: MicroUsd
  readonly tokens: number
}

export const rollUp = (task: Task, parts: readonly Task[]): RollUp => {
  const byStatus: Partial<Record<TaskStatus, number>> = {}
  for (const { status } of parts) byStatus[status] = (byStatus[status] ?? 0) + 1
  const wanted = parts.length - (byStatus.canceled ?? 0)
  const done = byStatus.done ?? 0
  const attempts = [task, ...parts].flatMap((one) => one.attempts)
  return {
    parts: parts.length,
    byStatus,
    done,
    open: parts.filter(({ status }) => !isClosed(status)).length,
    percent: wanted === 0 ? null : Math.floor((done * 100) / wanted),
    attempts: attempts.length,
    costMicroUsd: attempts.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0),
    tokens: attempts.reduce((sum, { tokens }) => sum + (tokens?.total ?? 0), 0),
  }
}

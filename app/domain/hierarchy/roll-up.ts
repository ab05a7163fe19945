/** What a task and all its parts come to together: how many are done, and what they have cost. Sums only what is known. */
import { isClosed, TASK_STATUSES, type MicroUsd, type Task, type TaskStatus } from '../task/state.ts'

/** How many tasks stand where; statuses without any are left out. */
export type Standing = Readonly<Partial<Record<TaskStatus, number>>>

export interface HowFar {
  readonly done: number
  readonly open: number
  /** All but those that were canceled. */
  readonly wanted: number
  /** Done among those that are wanted, 0 to 100 and whole; null where there is none. */
  readonly percent: number | null
}

export interface RollUp extends HowFar {
  /** Parts at every level, the task itself not among them. */
  readonly parts: number
  readonly byStatus: Standing
  /** Of the task itself and its parts. */
  readonly attempts: number
  readonly costMicroUsd: MicroUsd
  readonly tokens: number
}

export const rollUp = (task: Task, parts: readonly Task[]): RollUp => {
  const byStatus: Partial<Record<TaskStatus, number>> = {}
  for (const { status } of parts) byStatus[status] = (byStatus[status] ?? 0) + 1
  const attempts = [task, ...parts].flatMap((one) => one.attempts)
  return {
    parts: parts.length,
    byStatus,
    ...howFar(byStatus),
    attempts: attempts.length,
    costMicroUsd: attempts.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0),
    tokens: attempts.reduce((sum, { tokens }) => sum + (tokens?.total ?? 0), 0),
  }
}

export const countOf = (standing: Standing): number =>
  TASK_STATUSES.reduce((sum, status) => sum + (standing[status] ?? 0), 0)

export const howFar = (standing: Standing): HowFar => {
  const wanted = countOf(standing) - (standing.canceled ?? 0)
  const done = standing.done ?? 0
  const open = TASK_STATUSES.reduce((sum, status) => sum + (isClosed(status) ? 0 : (standing[status] ?? 0)), 0)
  return { done, open, wanted, percent: wanted === 0 ? null : Math.floor((done * 100) / wanted) }
}

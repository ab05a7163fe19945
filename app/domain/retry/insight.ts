/**
 * What can be learnt from a task's or a project's attempts: what failed how often, after which class the first success came, and
 * what an accepted outcome costs. Accepted is what was merged or completed; an agent's own word does not count.
 */
import { FAILURE_CLASSES, type FailureClass } from '../failure/taxonomy.ts'
import type { Attempt, MicroUsd, Task } from '../task/state.ts'

export interface ClassInsight {
  readonly class: FailureClass
  /** Attempts that failed so. */
  readonly failed: number
  /** Tasks whose first success came right after such a failure: trying again was the cure. */
  readonly fixed: number
  /** What those attempts cost. */
  readonly costMicroUsd: MicroUsd
}

export interface RetryInsight {
  /** In the order of the failure table, those that happened. */
  readonly classes: readonly ClassInsight[]
  readonly attempts: number
  /** Tasks. */
  readonly accepted: number
  readonly costMicroUsd: MicroUsd
  /** Everything spent, on failures and on what nobody took as well, for each accepted task; null before the first. */
  readonly perAcceptedMicroUsd: MicroUsd | null
}

/** What the books hold of it; before it is settled, what was reported. */
export const costOf = ({ settled, costMicroUsd }: Attempt): MicroUsd => settled?.microUsd.amount ?? costMicroUsd ?? 0

export const isAccepted = ({ status, pullRequests }: Task): boolean =>
  status === 'done' || pullRequests.some(({ state }) => state === 'merged')

export const retryInsight = (tasks: readonly Task[]): RetryInsight => {
  const attempts = tasks.flatMap((task) => task.attempts)
  const fixes = tasks.flatMap((task) => fixedAfter(task) ?? [])
  const accepted = tasks.filter(isAccepted).length
  const costMicroUsd = sum(attempts)
  return {
    classes: FAILURE_CLASSES.flatMap((name) => {
      const failed = attempts.filter(({ failure }) => failure?.class === name)
      if (failed.length === 0) return []
      const fixed = fixes.filter((one) => one === name).length
      return [{ class: name, failed: failed.length, fixed, costMicroUsd: sum(failed) }]
    }),
    attempts: attempts.length,
    accepted,
    costMicroUsd,
    perAcceptedMicroUsd: accepted === 0 ? null : Math.round(costMicroUsd / accepted),
  }
}

const fixedAfter = ({ attempts }: Task): FailureClass | null => {
  const at = attempts.findIndex(({ status }) => status === 'succeeded')
  return at === -1 ? null : (attempts.slice(0, at).findLast(({ failure }) => failure !== null)?.failure?.class ?? null)
}

const sum = (attempts: readonly Attempt[]): MicroUsd => attempts.reduce((all, attempt) => all + costOf(attempt), 0)

/** Which attempt a report belongs to: its run took the lease, or stands on the attempt's branch. What the report says itself only chooses among those. Pure. */
import { keyInBranch } from '../../../domain/task/branch.ts'
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import { isLive, type Attempt, type Task } from '../../../domain/task/state.ts'

export interface ReportedRun {
  readonly id: number
  readonly headBranch: string | null
  readonly headSha: string
}

export type Match =
  /** `leased`: the run took the attempt's lease. */
  | { readonly found: true; readonly attempt: Attempt; readonly onBranch: boolean; readonly leased: boolean }
  | { readonly found: false; readonly why: string }

/** `events` are the task's: a lease that is over still says which run took it, and a head that has moved on whose it was. `named` is the attempt that the report names. */
export const matchAttempt = (
  task: Task,
  events: readonly StoredEvent[],
  run: ReportedRun,
  named: number | null,
): Match => {
  const onBranch = run.headBranch !== null && keyInBranch(run.headBranch) === task.key
  const leased = attemptsOfRun(events, run.id)
  const byLease = task.attempts.filter(({ n }) => leased.includes(n))
  const heads = attemptsAt(events, run.headSha)
  const own = choose(byLease, run, heads, named)
  if (own !== undefined) return { found: true, attempt: own, onBranch, leased: true }
  if (!onBranch) return { found: false, why: `run ${run.id} took no lease of ${task.key} and is not on its branch` }
  const onIt = task.attempts.filter(({ branch }) => branch === null || branch === run.headBranch)
  const attempt = choose(onIt, run, heads, named)
  return attempt === undefined
    ? { found: false, why: `${task.key} has no attempt on ${run.headBranch}` }
    : { found: true, attempt, onBranch, leased: false }
}

/** The commit says most, also one that was the head once; then what the report says; then the live attempt; then the newest. */
const choose = (
  attempts: readonly Attempt[],
  run: ReportedRun,
  heads: readonly number[],
  named: number | null,
): Attempt | undefined =>
  attempts.findLast(({ headSha }) => headSha === run.headSha) ??
  attempts.findLast(({ n }) => heads.includes(n)) ??
  attempts.find(({ n }) => n === named) ??
  attempts.find(({ status }) => isLive(status)) ??
  attempts.at(-1)

/** Attempts whose head this commit was at any time. */
const attemptsAt = (events: readonly StoredEvent[], sha: string): readonly number[] =>
  events.flatMap((event) => {
    if (event.type !== 'attempt-head-moved') return []
    const { attempt, headSha } = event.data as { readonly attempt: number; readonly headSha: string }
    return headSha === sha ? [attempt] : []
  })

/** Attempts whose lease this run took. */
const attemptsOfRun = (events: readonly StoredEvent[], runId: number): readonly number[] =>
  events.flatMap((event) => {
    if (event.type !== 'lease-granted') return []
    const { lease } = event.data as { readonly lease: { readonly attempt: number; readonly runId: number | null } }
    return lease.runId === runId ? [lease.attempt] : []
  })

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PATIENCE, rankOf } from '../../../app/domain/schedule/rank.ts'
import { PRIORITIES, TASK_STATUSES, type Task } from '../../../app/domain/task/state.ts'
import { CREATE, given, READY } from '../given.ts'

const HOUR = 3_600_000
const ready = (over: Partial<Task>): Task => {
  const { task } = given(...READY)
  if (task === null) throw new Error('no task')
  return { ...task, ...over }
}
const rank = (over: Partial<Task>): number => rankOf(ready(over)) ?? Number.NaN

const readySince = fc.integer({ min: 0, max: 2_000_000_000_000 })
const priority = fc.constantFrom(...PRIORITIES)

describe('the rank of a ready task', () => {
  it('is when its priority’s patience ends', () => {
    expect(PRIORITIES.map((priority) => rank({ priority, statusSince: 1000 }))).toEqual([
      1000,
      1000 + 4 * HOUR,
      1000 + 24 * HOUR,
      1000 + 168 * HOUR,
    ])
  })

  it('is the latest start that meets the deadline, where that comes first', () => {
    const statusSince = 100 * HOUR
    const due = (deadline: number, durationMs: number | null = null) =>
      rank({
        statusSince,
        details: {
          deadline,
          ...(durationMs === null ? {} : { estimate: { durationMs, microUsd: null, tokens: null } }),
        },
      })
    expect(due(110 * HOUR)).toBe(106 * HOUR)
    expect(due(110 * HOUR, 3 * HOUR)).toBe(103 * HOUR)
    expect(due(999 * HOUR)).toBe(124 * HOUR)
    // A deadline that has passed makes it the more urgent.
    expect(due(50 * HOUR)).toBe(46 * HOUR)
  })

  it('nobody else has: a task that may not be taken has none', () => {
    for (const status of TASK_STATUSES) expect(rankOf(ready({ status })) === null).toBe(status !== 'ready')
    expect(rankOf(given([CREATE]).task as Task)).toBeNull()
  })

  it('starves nobody: whatever became ready a week later comes behind, however urgent', () => {
    fc.assert(
      fc.property(readySince, priority, priority, fc.nat(1e9), (since, slow, urgent, later) => {
        const waited = rank({ statusSince: since, priority: slow })
        const newer = rank({ statusSince: since + PATIENCE.p3 + 1 + later, priority: urgent })
        expect(waited).toBeLessThan(newer)
      }),
    )
  })

  it('prefers, of two that became ready together, the more urgent one, and of two alike the older one', () => {
    fc.assert(
      fc.property(readySince, priority, priority, fc.integer({ min: 1, max: 1e9 }), (since, a, b, later) => {
        const of = (priority: Task['priority'], statusSince = since) => rank({ priority, statusSince })
        expect(Math.sign(of(a) - of(b))).toBe(Math.sign(PRIORITIES.indexOf(a) - PRIORITIES.indexOf(b)))
        expect(of(a)).toBeLessThan(of(a, since + later))
      }),
    )
  })
})

/** Parents and parts: what may be a part of what, and what a whole comes to. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderRollUp } from '../../app/domain/hierarchy/render-roll-up.ts'
import { rollUp } from '../../app/domain/hierarchy/roll-up.ts'
import type { TaskCommandOf } from '../../app/domain/task/commands.ts'
import { TASK_STATUSES, type Attempt, type Task } from '../../app/domain/task/state.ts'
import { CREATE, RUNNING, given, played, replay } from './given.ts'

const ref = (n: number) => ({ stream: `task/7/${n}`, key: `DEV-${n}` }) as const
const parent = (over: Partial<TaskCommandOf<'set-parent'>> = {}): TaskCommandOf<'set-parent'> => ({
  type: 'set-parent',
  parent: ref(1),
  above: [],
  siblings: 0,
  below: 0,
  ...over,
})

describe('a parent', () => {
  it('is set, changed and taken away', () => {
    const { task } = given([CREATE], [parent()], [parent({ parent: ref(2) })])
    expect(task?.details.parent).toEqual(ref(2))
    given([CREATE], [parent()]).when(parent()).gives()
    expect(
      given([CREATE], [parent()])
        .when(parent({ parent: null }))
        .gives('task-updated').details,
    ).toEqual({})
    given([CREATE])
      .when(parent({ parent: null }))
      .gives()
  })

  it('is refused where the task would be a part of itself', () => {
    given([CREATE])
      .when(parent({ parent: ref(12) }))
      .rejects('parent-cycle')
    const { decision } = given([CREATE]).when(parent({ above: [ref(3), ref(12), ref(9)] }))
    expect(decision).toMatchObject({ rejection: { path: ['DEV-12', 'DEV-1', 'DEV-3', 'DEV-12'] } })
  })

  it('is refused where it would be too deep or have too many parts', () => {
    const above = [2, 3, 4, 5, 6, 7, 8].map(ref)
    given([CREATE]).when(parent({ above })).gives('task-updated')
    given([CREATE])
      .when(parent({ above, below: 1 }))
      .rejects('too-deep')
    given([CREATE])
      .when(parent({ above: above.slice(3), below: 3 }))
      .gives('task-updated')
    given([CREATE])
      .when(parent({ siblings: 99 }))
      .gives('task-updated')
    given([CREATE])
      .when(parent({ siblings: 100 }))
      .rejects('too-many-children')
  })

  it('cannot be set beside the rules', () => {
    given([CREATE])
      .when({ type: 'update-task', changes: { parent: ref(1) } })
      .rejects('invalid-argument')
  })
})

describe('a roll-up', () => {
  const task = replay(played(...RUNNING)) as Task
  const part = (status: Task['status'], cost: number | null): Task => ({
    ...task,
    status,
    attempts: [{ ...(task.attempts[0] as Attempt), costMicroUsd: cost }],
  })
  const parts = fc.array(
    fc
      .tuple(fc.constantFrom(...TASK_STATUSES), fc.option(fc.nat(10 ** 12)))
      .map(([status, cost]) => part(status, cost)),
  )

  it('of two halves together is that of the whole, to the millionth of a dollar', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const whole = rollUp(task, [...a, ...b])
        const none = { ...task, attempts: [] }
        const [left, right] = [rollUp(task, a), rollUp(none, b)]
        for (const name of ['parts', 'done', 'open', 'attempts', 'costMicroUsd', 'tokens'] as const) {
          expect(whole[name]).toBe(left[name] + right[name])
        }
        const { percent } = whole
        expect(percent === 100).toBe(
          whole.parts > 0 && percent !== null && whole.done === whole.parts - (whole.byStatus.canceled ?? 0),
        )
      }),
    )
  })

  it('reads well', () => {
    const sum = rollUp(task, [part('done', 1_200_000), part('in_progress', 42_000), part('canceled', null)])
    expect(renderRollUp(sum, [{ key: 'DEV-2', status: 'done' }], false)).toMatchInlineSnapshot(`
      "**Parts**: 1 of 2 done (50 %): 1 in progress, 1 done, 1 canceled.

      DEV-2 (done)

      In all 4 attempts, 0 tokens and $1.24."
    `)
  })
})

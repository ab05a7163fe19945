import { expect, it } from 'vitest'
import { taskStateSchema } from '../../schemas/task-state.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import { READY, claim, given } from '../domain/given.ts'
import { aDay, budgeted, report, under, usd, USD } from '../domain/budget/money.ts'

const START: TaskCommand = { type: 'start-attempt', fence: null }

it('a state with money in it is one that a record may hold, and comes back whole', () => {
  const settings = budgeted({ project: aDay(usd(1)) })
  const { task } = given(
    ...READY,
    [claim('alice'), under(settings)],
    [START],
    [report({ costMicroUsd: 2 * USD }, { passed: true }), under(settings)],
  )
  expect(task?.warnings?.length).toBeGreaterThan(0)
  expect(task?.attempts[0]).toMatchObject({ reservation: { microUsd: USD }, overrun: { microUsd: USD } })
  expect(taskStateSchema.parse(JSON.parse(JSON.stringify(task)))).toEqual(task)
  const wrong = JSON.parse(JSON.stringify(task).replace('"day":"2026-11-30"', '"day":"today"')) as unknown
  expect(taskStateSchema.safeParse(wrong).success).toBe(false)
})

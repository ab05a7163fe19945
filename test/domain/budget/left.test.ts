/** What a brief says may still be spent: of the task's own budget, and of whichever other one is the tightest. */
import { expect, it } from 'vitest'
import { sumBooks, type Book } from '../../../app/domain/budget/books.ts'
import { budgetLeft } from '../../../app/domain/budget/left.ts'
import { budgetLines } from '../../../app/domain/brief/budget-lines.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import { contributions } from '../../../app/domain/budget/contributions.ts'
import { READY, claim, given } from '../given.ts'
import { DAY, NONE, aDay, budgeted, facts, report, under, usd, USD } from './money.ts'

const settings = budgeted({
  task: { microUsd: 5 * USD, tokens: 900 },
  project: { day: usd(50), month: { microUsd: 60 * USD, tokens: 4_000 }, total: NONE },
  agents: { alice: { ...aDay(usd(9)), total: { microUsd: null, tokens: 3_000 } } },
  workspace: aDay(usd(8)),
})
const row = (scope: string, period: string, microUsd: number, tokens = 0): Book => ({
  scope,
  period,
  reserved: { microUsd: 0, tokens: 0 },
  spent: { microUsd, tokens },
  warned: 0,
})
const others = [row('workspace/1', DAY, 2 * USD), row('project/7', '2026-11', 0, 3_500)]
const estimated: TaskCommand = {
  type: 'update-task',
  changes: { estimate: { microUsd: 2 * USD, tokens: 300, durationMs: null } },
}
const linesOf = (task: Task | null, reader: string | null, over = settings): readonly string[] =>
  budgetLines(budgetLeft(task as Task, facts(sumBooks([...others, ...contributions(task as Task)])), reader, over))

it('names the task’s own, and in each unit the tightest of the others', () => {
  const { task } = given(...READY, [estimated])
  expect(linesOf(task, 'alice')).toEqual([
    '- the task: $5.00 and 900 tokens',
    `- the account for ${DAY}: $6.00`,
    '- the project for 2026-11: 500 tokens',
  ])
  expect(linesOf(task, 'alice', budgeted({ agents: { alice: { ...aDay(usd(9)), total: usd(8) } } }))).toEqual([
    '- alice: $8.00',
  ])
  expect(linesOf(task, null, budgeted({ agents: { alice: aDay(usd(9)) } }))).toEqual([])
})

it('counts what is set aside for the attempt as left, as far as it is not used', () => {
  const claimed = [...READY, [estimated], [claim('alice'), under(settings)]] as const
  const whole = ['- the task: $5.00 and 900 tokens', `- the account for ${DAY}: $6.00`]
  const aside = '- set aside of that for this attempt: $2.00 and 300 tokens'
  expect(linesOf(given(...claimed).task, null)).toEqual([...whole, '- the project for 2026-11: 500 tokens', aside])
  // Also what is above it.
  for (const cost of [1, 3]) {
    const { task } = given(...claimed, [report({ costMicroUsd: cost * USD }), under(settings)])
    expect(linesOf(task, null).slice(0, 2)).toEqual([
      `- the task: $${5 - cost}.00 and 900 tokens`,
      `- the account for ${DAY}: $${6 - cost}.00`,
    ])
  }
})

it('is nothing, and never less, where a budget is passed', () => {
  const { task } = given(
    ...READY,
    [estimated],
    [claim('alice'), under(settings)],
    [report({ costMicroUsd: 7 * USD }), under(settings)],
  )
  expect(linesOf(task, null)[0]).toBe('- the task: $0.00 and 900 tokens')
})

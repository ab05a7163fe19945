/** Where a budget is used up, the key to raise is one that the configuration has, and that limits just that. */
import { expect, it } from 'vitest'
import type { PeriodKind, ScopeKind } from '../../app/domain/budget/limits.ts'
import type { BudgetSettings } from '../../app/domain/budget/settings.ts'
import { UNITS } from '../../app/domain/budget/books.ts'
import type { Amount } from '../../app/domain/task/details.ts'
import { explainBudget } from '../../app/inbound/explain-budget.ts'
import { parseConfiguration } from '../../app/inbound/configuration/parse-configuration.ts'
import { settingsFrom } from '../../app/inbound/configuration/settings-from.ts'
import { OVER_HTTP } from '../../app/inbound/telling.ts'

const PLACES: readonly (readonly [ScopeKind, PeriodKind, (budgets: BudgetSettings) => Amount | undefined])[] = [
  ['workspace', 'day', ({ workspace }) => workspace.day],
  ['workspace', 'month', ({ workspace }) => workspace.month],
  ['project', 'day', ({ project }) => project.day],
  ['project', 'month', ({ project }) => project.month],
  ['project', 'total', ({ project }) => project.total],
  ['agent', 'day', ({ agents }) => agents['a.1']?.day],
  ['agent', 'month', ({ agents }) => agents['a.1']?.month],
  ['agent', 'total', ({ agents }) => agents['a.1']?.total],
]
const CASES = PLACES.flatMap(([scope, period, limit]) => UNITS.map((unit) => ({ scope, period, unit, limit })))

const nested = (path: readonly string[], value: string): string =>
  path.toReversed().reduce((inner, key) => `{"${key}": ${inner}}`, value)

it.each(CASES)('$unit of the $scope for a $period', ({ scope, period, unit, limit }) => {
  const { next } = explainBudget(
    {
      code: 'budget-exceeded',
      key: 'DEV-1',
      scope,
      agent: 'a.1',
      period,
      unit,
      limit: 1,
      spent: 1,
      reserved: 0,
      asked: 1,
      resetsAt: null,
    },
    OVER_HTTP,
  )
  const key = /^Raise `(.+)` in/.exec(next)?.[1] ?? ''
  // The agent's id may hold dots of its own.
  const path = key
    .replace('a.1', 'a_1')
    .split('.')
    .map((part) => part.replace('a_1', 'a.1'))
  const parsed = parseConfiguration(nested(path, '7'))
  if (!parsed.ok) throw new Error(`${key}: ${parsed.problems[0]?.message}`)
  const { budgets } = settingsFrom(parsed.configuration)
  expect(budgets === undefined ? undefined : limit(budgets)?.[unit]).toBe(unit === 'tokens' ? 7 : 7_000_000)
})

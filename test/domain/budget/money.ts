/** Budgets and what is known of money, for the domain's tests. */
import type { Book } from '../../../app/domain/budget/books.ts'
import type { BudgetFacts } from '../../../app/domain/budget/facts.ts'
import { DEFAULT_BUDGETS, type BudgetSettings } from '../../../app/domain/budget/settings.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { Amount } from '../../../app/domain/task/details.ts'
import type { TaskCommand, TaskCommandOf } from '../../../app/domain/task/commands.ts'
import type { Measures } from '../../../app/domain/task/events.ts'
import type { DecideContext } from '../../../app/domain/task/decide/context.ts'

export const USD = 1_000_000
export const usd = (amount: number): Amount => ({ microUsd: amount * USD, tokens: null })
export const tokens = (amount: number): Amount => ({ microUsd: null, tokens: amount })
export const NONE: Amount = { microUsd: null, tokens: null }

export const budgeted = (over: Partial<BudgetSettings> = {}, more: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  ...more,
  budgets: { ...DEFAULT_BUDGETS, ...over },
})

export const aDay = (day: Amount): BudgetSettings['project'] => ({ day, month: NONE, total: NONE })

export const DAY = '2026-11-30'

export const facts = (books: readonly Book[] = [], usual: Amount = NONE, day: string = DAY): BudgetFacts => ({
  workspace: 'workspace/1',
  calendar: { timeZone: 'UTC', day, month: day.slice(0, 7), dayEndsAt: 5_000_000, monthEndsAt: 9_000_000 },
  books,
  usual,
})

/** The context of a decision under these settings. */
export const under = (settings: Settings, budget: BudgetFacts = facts(), now = 1_000_000): Partial<DecideContext> => ({
  now,
  settings,
  budget,
})

export const measures = (over: Partial<Measures> = {}): Measures => ({
  trust: 'ci',
  durationMs: null,
  tokens: null,
  costMicroUsd: null,
  model: null,
  tests: null,
  run: null,
  logTail: null,
  ...over,
})

/** Figures only, no verdict. */
export const report = (over: Partial<Measures>, more: Partial<TaskCommandOf<'report-attempt'>> = {}): TaskCommand => ({
  type: 'report-attempt',
  attempt: 1,
  source: 'ci.yml / agent',
  passed: null,
  failure: null,
  headSha: null,
  measures: measures(over),
  artifacts: [],
  retryAfterMs: null,
  ...more,
})

export const succeed = (costMicroUsd: number | null, used: number | null = null): TaskCommand => ({
  type: 'succeed-attempt',
  fence: null,
  costMicroUsd,
  tokens: used,
})

/** Which rows of the books have a limit for an attempt, and what it is. The books themselves are counted in contributions.ts. */
import type { Settings } from '../settings.ts'
import type { Amount } from '../task/details.ts'
import type { Attempt, Task } from '../task/state.ts'
import { TOTAL, UNITS, type BookKey, type Unit } from './books.ts'
import { agentScope, booksOf } from './contributions.ts'
import { DEFAULT_BUDGETS } from './settings.ts'

/** Null: no limit in that unit. */
export interface BookLimit extends BookKey, Amount {}

export interface PeriodLimits {
  readonly day: Amount
  readonly month: Amount
  readonly total: Amount
}

/** Whether the task stands under any budget: otherwise nothing is reserved for it. */
export const isBudgeted = ({ details }: Pick<Task, 'details'>, settings: Settings): boolean =>
  settings.budgets !== undefined || details.budget !== undefined

/** What all attempts of the task together may take: its own budget goes before the configured one. */
export const taskLimit = ({ details }: Pick<Task, 'details'>, { budgets }: Settings): Amount => ({
  microUsd: details.budget?.microUsd ?? budgets?.task.microUsd ?? null,
  tokens: details.budget?.tokens ?? budgets?.task.tokens ?? null,
})

/** The limited ones of the attempt's books. */
export const limitsOf = (
  task: Pick<Task, 'stream' | 'project' | 'details'>,
  attempt: Pick<Attempt, 'owner' | 'reservation' | 'openedAt' | 'project'>,
  settings: Settings,
): readonly BookLimit[] =>
  booksOf(task, attempt).flatMap((key) => {
    const limit = limitOf(task, attempt, key, settings)
    return limit === null || UNITS.every((unit) => limit[unit] === null) ? [] : [{ ...key, ...limit }]
  })

export const limitedUnits = (limits: readonly BookLimit[]): readonly Unit[] =>
  UNITS.filter((unit) => limits.some((limit) => limit[unit] !== null))

/** At how much people are warned, for every book of a reserved attempt. */
export const thresholdsOf = (task: Task, settings: Settings): readonly BookLimit[] => {
  const { warnAt } = settings.budgets ?? DEFAULT_BUDGETS
  const share = (limit: number | null): number | null => (limit === null ? null : Math.ceil(limit * warnAt))
  return task.attempts
    .filter(({ reservation }) => reservation !== undefined)
    .flatMap((attempt) => limitsOf(task, attempt, settings))
    .map(({ scope, period, microUsd, tokens }) => ({
      scope,
      period,
      microUsd: share(microUsd),
      tokens: share(tokens),
    }))
}

/** The newest attempt's, for an append that grants it. */
export const limitsOfGrant = (task: Task, settings: Settings): readonly BookLimit[] => {
  const attempt = task.attempts.at(-1)
  return attempt?.reservation === undefined ? [] : limitsOf(task, attempt, settings)
}

const limitOf = (
  task: Pick<Task, 'stream' | 'project' | 'details'>,
  { owner }: Pick<Attempt, 'owner'>,
  { scope, period }: BookKey,
  settings: Settings,
): Amount | null => {
  if (scope === task.stream) return taskLimit(task, settings)
  const { budgets } = settings
  if (budgets === undefined) return null
  const kind = scopeKind({ scope, period })
  const isHere = scope === task.project || scope === agentScope(task.project, owner)
  // Paid for elsewhere, before a transfer: that project's limits hold there.
  if (kind !== 'workspace' && !isHere) return null
  const periods = kind === 'project' ? budgets.project : kind === 'agent' ? budgets.agents[owner] : budgets.workspace
  return periods?.[periodKind({ scope, period })] ?? null
}

export type ScopeKind = 'workspace' | 'project' | 'agent' | 'task'

export const scopeKind = ({ scope }: BookKey): ScopeKind => scope.split('/')[0] as ScopeKind

export type PeriodKind = 'day' | 'month' | 'total'

export const periodKind = ({ period }: BookKey): PeriodKind =>
  period === TOTAL ? 'total' : period.length === '2026-11'.length ? 'month' : 'day'

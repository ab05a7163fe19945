/** Budgets, prices, tiers and quotas of a parsed configuration, in whole millionths of a dollar. What is not configured is left out. */
import type { PeriodLimits } from '../../domain/budget/limits.ts'
import { DEFAULT_BUDGETS, type BudgetSettings } from '../../domain/budget/settings.ts'
import type { Settings } from '../../domain/settings.ts'
import type { Amount } from '../../domain/task/details.ts'
import { parseCount, parseMoney } from '../../../schemas/amounts.ts'
import type { BudgetsConfiguration } from '../../../schemas/budget-configuration.ts'
import type { Configuration } from '../../../schemas/configuration.ts'
import { parseDuration } from '../../../schemas/duration.ts'

type Written = string | number | undefined

const usd = (written: Written): number | null => (written === undefined ? null : parseMoney(String(written)))
const tokens = (written: Written): number | null => (written === undefined ? null : parseCount(String(written)))
const amount = (money: Written, count: Written): Amount => ({ microUsd: usd(money), tokens: tokens(count) })

export const moneyFrom = ({
  budgets,
  prices,
  tiers,
  quotas,
}: Configuration): Pick<Settings, 'budgets' | 'prices' | 'tiers' | 'quotas'> => ({
  ...(budgets === undefined ? {} : { budgets: budgetsFrom(budgets) }),
  ...(prices === undefined
    ? {}
    : {
        prices: Object.fromEntries(
          Object.entries(prices).map(([model, { input, output, cache_read, cache_write }]) => [
            model,
            { input, output, cacheRead: cache_read ?? null, cacheWrite: cache_write ?? null },
          ]),
        ),
      }),
  ...(tiers === undefined
    ? {}
    : {
        tiers: tiers.map(({ name, model, estimate, tokens: count }) => ({
          name,
          model: model ?? null,
          estimate: amount(estimate, count),
        })),
      }),
  ...(quotas?.claims_per_hour === undefined ? {} : { quotas: { claimsPerHour: quotas.claims_per_hour } }),
})

const budgetsFrom = (budgets: BudgetsConfiguration): BudgetSettings => {
  const { tokens: counts, workspace, agent } = budgets
  const agents = new Set([...Object.keys(agent ?? {}), ...Object.keys(counts?.agent ?? {})])
  return {
    workspace: periods(workspace ?? {}, counts?.workspace ?? {}),
    project: periods(
      { daily: budgets.daily, monthly: budgets.monthly, total: budgets.project },
      { daily: counts?.daily, monthly: counts?.monthly, total: counts?.project },
    ),
    agents: Object.fromEntries([...agents].map((id) => [id, periods(daily(agent?.[id]), daily(counts?.agent?.[id]))])),
    task: amount(budgets.task, counts?.task),
    timeZone: budgets.time_zone ?? DEFAULT_BUDGETS.timeZone,
    warnAt: budgets.warn_at ?? DEFAULT_BUDGETS.warnAt,
    holdMs:
      budgets.hold === undefined ? DEFAULT_BUDGETS.holdMs : (parseDuration(budgets.hold) ?? DEFAULT_BUDGETS.holdMs),
  }
}

interface Periods {
  readonly daily?: Written
  readonly monthly?: Written
  readonly total?: Written
}

/** A bare amount is for a day. */
const daily = (written: Written | Periods): Periods => (typeof written === 'object' ? written : { daily: written })

const periods = (money: Periods, count: Periods): PeriodLimits => ({
  day: amount(money.daily, count.daily),
  month: amount(money.monthly, count.monthly),
  total: amount(money.total, count.total),
})

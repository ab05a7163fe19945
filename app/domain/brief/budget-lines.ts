/** What may still be spent, in a brief. */
import { UNITS } from '../budget/books.ts'
import type { BudgetLeft } from '../budget/left.ts'
import { budgetSpan, whoseBudget } from '../budget/whose-budget.ts'
import { renderAmount } from '../text/amounts.ts'
import { oneLineOf } from './lines.ts'

export const budgetLines = (budget: BudgetLeft | null): readonly string[] => {
  if (budget === null) return []
  const { left, setAside } = budget
  return [
    ...left.map((one) => `- ${oneLineOf(whoseBudget(one))}${budgetSpan(one)}: ${amounts(one)}`),
    ...(setAside === null ? [] : [`- set aside of that for this attempt: ${amounts(nonZero(setAside))}`]),
  ]
}

type Amounts = Readonly<Record<(typeof UNITS)[number], number | null>>

const amounts = (of: Amounts): string =>
  UNITS.flatMap((unit) => {
    const amount = of[unit]
    return amount === null ? [] : [renderAmount(unit, amount)]
  }).join(' and ')

const nonZero = ({ microUsd, tokens }: Amounts): Amounts => ({
  microUsd: microUsd === 0 ? null : microUsd,
  tokens: tokens === 0 ? null : tokens,
})

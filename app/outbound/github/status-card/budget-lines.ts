/** What money says of the task: what is set aside and spent, what went above it, and which budgets it brought near their limit. */
import { UNITS, bookAt, TOTAL } from '../../../domain/budget/books.ts'
import { contributions } from '../../../domain/budget/contributions.ts'
import type { BudgetWarning } from '../../../domain/budget/reservation.ts'
import { budgetSpan, whoseBudget } from '../../../domain/budget/whose-budget.ts'
import type { Attempt, Task } from '../../../domain/task/state.ts'
import { renderAmount } from '../../../domain/text/amounts.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'

const SHOWN = 5

export const budgetLines = (task: Task): string | null => {
  const lines = [
    ...standing(task),
    ...task.attempts.flatMap(overrunLine).slice(-SHOWN),
    ...(task.warnings ?? []).slice(-SHOWN).map(warningLine),
  ]
  return lines.length === 0 ? null : ['**Budget**', '', ...lines.map((line) => `- ${line}`)].join('\n')
}

const standing = (task: Task): readonly string[] => {
  if (task.details.budget === undefined && task.attempts.every(({ reservation }) => reservation === undefined))
    return []
  const { reserved, spent } = bookAt(contributions(task), { scope: task.stream, period: TOTAL })
  return UNITS.flatMap((unit) => {
    const limit = task.details.budget?.[unit] ?? null
    if (limit === null && reserved[unit] === 0 && spent[unit] === 0) return []
    const of = limit === null ? '' : `, of ${renderAmount(unit, limit)} for the task`
    return [`${renderAmount(unit, spent[unit])} spent and ${renderAmount(unit, reserved[unit])} reserved${of}`]
  })
}

const overrunLine = ({ n, overrun }: Attempt): readonly string[] =>
  UNITS.flatMap((unit) => {
    const above = overrun?.[unit] ?? 0
    return above > 0 ? [`attempt ${n} went ${renderAmount(unit, above)} above its reservation`] : []
  })

const warningLine = (warning: BudgetWarning): string => {
  const { unit, limit, total } = warning
  const whose = neutraliseLine(whoseBudget(warning), 60)
  return `⚠️ ${renderAmount(unit, total)} of the ${renderAmount(unit, limit)} that ${whose} may spend${budgetSpan(warning)} were spent or reserved`
}

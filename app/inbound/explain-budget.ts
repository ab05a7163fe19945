/** A budget that is used up, in words: whose, how far, and how work goes on. */
import { isoTime } from '../domain/text/iso-time.ts'
import { renderAmount } from '../domain/text/amounts.ts'
import type { Rejection } from '../domain/rejection.ts'
import { firstStep, foreign, foreignCode, type Explanation, type Telling } from './telling.ts'

type Exceeded = Rejection & { readonly code: 'budget-exceeded' }

const PERIODS = { day: 'daily', month: 'monthly', total: 'total' } as const

/** The key that says so in the configuration. */
const keyOf = ({ scope, period, unit, agent }: Exceeded): string => {
  const budgets = unit === 'tokens' ? 'budgets.tokens' : 'budgets'
  if (scope === 'project') return `${budgets}.${period === 'total' ? 'project' : PERIODS[period]}`
  return `${budgets}.${scope === 'agent' ? `agent.${foreignCode(agent)}` : scope}.${PERIODS[period]}`
}

export const explainBudget = (exceeded: Exceeded, telling: Telling): Explanation => {
  const { scope, period, unit, limit, spent, reserved, asked, key, resetsAt } = exceeded
  const amount = (figure: number): string => renderAmount(unit, figure)
  const held = reserved > 0 ? ` and ${amount(reserved)} reserved for work under way` : ''
  const problem = `The budget of ${whose(exceeded)}${SPAN[period]} is ${amount(limit)}, of which ${amount(spent)} is spent${held}; an attempt on ${key} needs ${amount(asked)}.`
  const config = `raise \`${keyOf(exceeded)}\` in \`.github/muster.yml\``
  if (scope === 'task') {
    const more = unit === 'tokens' ? 'tokens=1m' : '$20'
    const grant = firstStep({ verb: 'budget', words: more }, telling)
    return { problem, next: `${grant}, with as much as it may cost in all.` }
  }
  const wait = resetsAt === null ? '' : `Wait until ${isoTime(resetsAt)}, when the next ${period} begins, or `
  return { problem, next: wait === '' ? `${capital(config)}.` : `${wait}${config}.` }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const whose = ({ scope, agent, key }: Exceeded): string => {
  if (scope === 'agent') return `the agent ${foreign(agent)}`
  return scope === 'task' ? key : scope === 'workspace' ? 'all projects of this account' : 'this project'
}

const SPAN = { day: ' for a day', month: ' for a month', total: '' } as const

/** A retry that the task's money does not cover is no retry: a person is asked instead. What the next claim reserves is estimate.ts. */
import type { Settings } from '../settings.ts'
import { taskEvent, type NewTaskEvent } from '../task/events.ts'
import type { Task } from '../task/state.ts'
import { renderAmount } from '../text/amounts.ts'
import { UNITS } from './books.ts'
import { estimate, leftOf } from './estimate.ts'
import type { BudgetFacts } from './facts.ts'

/** `settled` is the task once the failed attempt is paid for. */
export const unaffordable = (
  events: readonly NewTaskEvent[],
  settled: Task,
  { settings, budget }: { readonly settings: Settings; readonly budget?: Pick<BudgetFacts, 'usual'> | undefined },
): readonly NewTaskEvent[] => {
  const failed = events.find((event) => event.type === 'attempt-failed')
  if (failed === undefined) return events
  const missing = UNITS.map((unit) => {
    const left = leftOf(unit, settled, settings)
    const { amount } = estimate(unit, settled, settings, budget?.usual)
    return left !== null && (left <= 0 || left < amount) ? { unit, left, amount } : null
  }).find((one) => one !== null)
  if (missing === undefined) return events
  const { unit, left, amount } = missing
  const has = left <= 0 ? 'the budget of the task is used up' : `the task has ${renderAmount(unit, left)} left`
  const needs = left <= 0 ? '' : `, and an attempt takes ${renderAmount(unit, amount)}`
  const reason = `${failed.data.failure.class}: ${has}${needs}; grant more budget, then retry`
  return events.flatMap((event) => {
    if (event.type === 'tier-changed') return []
    return event.type === 'task-held' && event.data.until !== null ? taskEvent('human-needed', { reason }) : event
  })
}

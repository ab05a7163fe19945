/** How much to set aside for one attempt. The first that says something counts: estimate, budget, tier, what the project's work usually took, a plain guess. */
import type { Settings } from '../settings.ts'
import type { Amount } from '../task/details.ts'
import type { Task } from '../task/state.ts'
import { bookAt, heldAndSpent, TOTAL, type Unit } from './books.ts'
import { contributions, MOST_COUNTED } from './contributions.ts'
import { taskLimit } from './limits.ts'

/** Where nobody says anything: an hour's work of a middling model, and the tokens that it reads again and again. */
export const PLAIN_GUESS = { microUsd: 1_000_000, tokens: 2_000_000 } as const

/** A guess may be cut down to what the task has left; what was declared may not. */
export interface Estimated {
  readonly amount: number
  readonly guessed: boolean
}

export const estimate = (unit: Unit, task: Task, settings: Settings, usual: Amount | undefined): Estimated => {
  const { details } = task
  const declared = details.estimate?.[unit] ?? null
  if (declared !== null) return { amount: declared, guessed: false }
  if ((details.budget?.[unit] ?? null) !== null) return { amount: leftOf(unit, task, settings) ?? 0, guessed: false }
  const tier = settings.tiers?.find(({ name }) => name === details.tier)?.estimate[unit] ?? null
  return { amount: tier ?? usual?.[unit] ?? PLAIN_GUESS[unit], guessed: true }
}

/** What the task's own limit leaves, below zero when it was passed; null: it has none. */
export const leftOf = (unit: Unit, task: Task, settings: Settings): number | null => {
  const limit = taskLimit(task, settings)[unit]
  if (limit === null) return null
  return limit - heldAndSpent(bookAt(contributions(task), { scope: task.stream, period: TOTAL }))[unit]
}

/** At least 1: an attempt for nothing would be granted for ever. At most what can be counted, so that sums of any number stay exact. */
export const toReserve = (unit: Unit, task: Task, settings: Settings, usual: Amount | undefined): number => {
  const { amount, guessed } = estimate(unit, task, settings, usual)
  const left = leftOf(unit, task, settings)
  const asked = guessed && left !== null && left > 0 ? Math.min(amount, left) : amount
  return Math.min(Math.max(1, asked), MOST_COUNTED)
}

/** How many attempts that is told from: enough for a middle that one odd run does not move. */
export const USUAL_OF = 21

/** The middle one of what attempts took, the upper of two, by unit; null where none is known. */
export const usualOf = (costs: readonly Amount[]): Amount => ({
  microUsd: middle(costs.flatMap(({ microUsd }) => microUsd ?? [])),
  tokens: middle(costs.flatMap(({ tokens }) => tokens ?? [])),
})

const middle = (figures: readonly number[]): number | null =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? null

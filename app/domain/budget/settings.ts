/** What a project's configuration says of budgets, complete. */
import type { Millis } from '../event/envelope.ts'
import type { Amount } from '../task/details.ts'
import type { PeriodLimits } from './limits.ts'

export interface BudgetSettings {
  /** All projects of the installation together. */
  readonly workspace: PeriodLimits
  readonly project: PeriodLimits
  /** By agent, in this project. */
  readonly agents: Readonly<Record<string, PeriodLimits>>
  /** All attempts of one task together. */
  readonly task: Amount
  /** IANA name: whose day and month are meant. */
  readonly timeZone: string
  /** The share of a limit at which people are warned. */
  readonly warnAt: number
  /** How long the reservation of a lease that ran out waits for a report. */
  readonly holdMs: Millis
}

const NO_LIMIT: Amount = { microUsd: null, tokens: null }
const NO_LIMITS: PeriodLimits = { day: NO_LIMIT, month: NO_LIMIT, total: NO_LIMIT }

export const DEFAULT_BUDGETS: BudgetSettings = {
  workspace: NO_LIMITS,
  project: NO_LIMITS,
  agents: {},
  task: NO_LIMIT,
  timeZone: 'UTC',
  warnAt: 0.8,
  holdMs: 86_400_000,
}

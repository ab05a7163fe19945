/** What stands in the books for one attempt: what was set aside at its grant, and what it was settled at. Pure data. */
import type { Millis } from '../event/envelope.ts'
import type { MicroUsd, Trust } from '../task/state.ts'
import type { BookKey, Unit } from './books.ts'

/** Made with the lease and never changed. The day and month are those of the grant, whenever the bill comes. */
export interface Reservation {
  /** Null: nothing limited money, so none was set aside. The same for tokens. */
  readonly microUsd: MicroUsd | null
  readonly tokens: number | null
  /** `2026-11-30`. */
  readonly day: string
  /** `2026-11`. */
  readonly month: string
  readonly timeZone: string
  /** `workspace/1`: whose project it was; null when that is not known. */
  readonly workspace: string | null
  /** How long it stands after the lease has run out, until nobody is expected to report any more. */
  readonly holdMs: Millis
}

/**
 * `reported`: a figure of the run. `priced`: its tokens at the model's price. `reservation`: no figure to believe, so all that
 * was set aside. `unused`: given back before the work began. `unknown`: no figure, and nothing had been set aside.
 */
export type Basis = 'reported' | 'priced' | 'reservation' | 'unused' | 'unknown'

export interface Cost {
  readonly amount: number
  readonly basis: Basis
  /** Of the figure; null when there is none. A figure of less trust does not correct it. */
  readonly trust: Trust | null
}

export type Costs = Readonly<Record<Unit, Cost>>

/** The first time that a scope came near its limit in a period. */
export interface BudgetWarning extends BookKey {
  readonly unit: Unit
  readonly limit: number
  /** Reserved and spent, as it was then. */
  readonly total: number
}

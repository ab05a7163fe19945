/** What a decision about money is handed in: looked up before, and possibly old by now. The store has the last word on limits. */
import type { Millis } from '../event/envelope.ts'
import type { Amount } from '../task/details.ts'
import type { Book } from './books.ts'

/** Which day and month it is in a time zone, and when they end. */
export interface Calendar {
  readonly timeZone: string
  /** `2026-11-30`. */
  readonly day: string
  /** `2026-11`. */
  readonly month: string
  readonly dayEndsAt: Millis
  readonly monthEndsAt: Millis
}

export interface BudgetFacts {
  /** `workspace/1`; null when the project is not known. */
  readonly workspace: string | null
  readonly calendar: Calendar
  /** Of every scope and period that the task stands in, as far as there are rows. */
  readonly books: readonly Book[]
  /** What an attempt in this project usually takes. */
  readonly usual: Amount
}

/** One thing about GitHub that Muster takes for granted, and how to see whether it is so. */
import type { Place } from './place.ts'

export interface Assumption {
  /** Kebab-case; stays the same when the words change. */
  readonly id: string
  /** A sentence that is true while `look` gives `expected`. */
  readonly is: string
  /** JSON of what was seen, with nothing in it that differs from run to run: no ids, no times. */
  readonly look: (place: Place) => Promise<unknown>
  readonly expected: unknown
}

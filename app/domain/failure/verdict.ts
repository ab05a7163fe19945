/** What a classifier answers: a class, or `none` when the run did not fail. */
import type { FailureCode } from './codes.ts'
import type { FailureClass } from './taxonomy.ts'

/** `typed`: read from a field made for it; `text`: from the agent's own words; `guess`: from circumstances. */
export type Confidence = 'typed' | 'text' | 'guess'

export interface Verdict {
  readonly class: FailureClass | 'none'
  readonly code: FailureCode | null
  /** How long the limit that was hit says to wait; null when it does not say. */
  readonly retryAfterMs: number | null
  readonly confidence: Confidence
  /** The field or the stretch of text that decided; not redacted, at most 200 characters; null for `none`. */
  readonly evidence: string | null
}

export const NO_FAILURE: Verdict = {
  class: 'none',
  code: null,
  retryAfterMs: null,
  confidence: 'typed',
  evidence: null,
}

/** A class and code as tables hold them. */
export interface Kind {
  readonly class: FailureClass
  readonly code: FailureCode | null
}

export const kind = (name: FailureClass, code: FailureCode | null = null): Kind => ({ class: name, code })

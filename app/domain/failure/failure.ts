/** A failure as events and records hold it: class, refinement, and what a person may read about it. */
import type { FailureCode } from './codes.ts'
import type { FailureClass } from './taxonomy.ts'

export interface Failure {
  readonly class: FailureClass
  /** Refines the class; absent when nothing finer is known. */
  readonly code?: FailureCode
  /** One sentence for people; bounded, not trusted. */
  readonly message: string
  /** The line or field that the class was read from; bounded, not trusted. */
  readonly evidence?: string
}

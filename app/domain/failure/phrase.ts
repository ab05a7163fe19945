/** One row of a phrase table: an expression over one-line text, and what it means. Rows are tried in their order. */
import type { Kind } from './verdict.ts'

export interface Phrase {
  readonly kind: Kind
  /** Not global, case-insensitive, every run bounded: texts are hostile. */
  readonly pattern: RegExp
}

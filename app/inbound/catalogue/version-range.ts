/** Two versions of a task, `3..9`, the earlier one first; and a moment as ISO 8601 has it, always with its zone. */
import type { Millis } from '../../domain/event/envelope.ts'

export interface VersionRange {
  readonly from: number
  readonly to: number
}

export const parseVersionRange = (text: string): VersionRange | null => {
  const match = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text)
  if (match === null) return null
  const [from, to] = [Number(match[1]), Number(match[2])]
  return from <= to ? { from, to } : null
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

export const parseInstant = (text: string): Millis | null => {
  const at = ISO.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** Reads single fields out of JSON that nobody has checked. What has another type than expected is absent. */

export type JsonObject = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** At most `max` UTF-16 units; empty text is absent. */
export const asText = (value: unknown, max = 1_000): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, max).toWellFormed() : null

/** A finite number that is not negative. */
export const asAmount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null

/** A whole, exact number that is not negative; fractions are rounded. */
export const asCount = (value: unknown): number | null => {
  const amount = asAmount(value)
  const rounded = amount === null ? null : Math.round(amount)
  return rounded !== null && Number.isSafeInteger(rounded) ? rounded : null
}

/** The value of JSON text, or undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

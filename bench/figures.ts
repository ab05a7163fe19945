/** What a bench gives: named figures, each with the reference it was measured against in the same run. */

export interface Figure {
  readonly value: number
  readonly unit: string
  /** The same measure of the reference; null when the figure is a plain count. */
  readonly reference: number | null
  /** value / reference. */
  readonly ratio: number | null
}

export type Figures = Readonly<Record<string, Figure>>

export const against = (value: number, reference: number, unit: string): Figure => ({
  value,
  unit,
  reference,
  ratio: reference === 0 ? null : value / reference,
})

export const count = (value: number, unit: string): Figure => ({ value, unit, reference: null, ratio: null })

/** `share` 0.99: the value that 99 % are not above. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

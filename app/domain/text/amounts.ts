/** Money and tokens as people read them, in rejections and reasons. */
import type { Unit } from '../budget/books.ts'

/** `$0.42`, `$0.0031` below a cent, `-$1.00`. */
export const renderUsd = (microUsd: number): string => {
  const usd = Math.abs(microUsd) / 1_000_000
  return `${microUsd < 0 ? '-' : ''}$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toFixed(4)}`
}

/** `12,345 tokens`. */
export const renderTokens = (tokens: number): string => `${String(tokens).replace(/\B(?=(?:\d{3})+$)/g, ',')} tokens`

export const renderAmount = (unit: Unit, amount: number): string =>
  unit === 'tokens' ? renderTokens(amount) : renderUsd(amount)

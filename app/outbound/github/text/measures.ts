/** Money, tokens and time as people read them. */
import type { Millis } from '../../../domain/event/envelope.ts'

/** `$0.42`, `$0.0031` below a cent. */
export const renderCost = (microUsd: number): string => {
  const usd = microUsd / 1_000_000
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toFixed(4)}`
}

/** `12,345`. */
export const renderCount = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')

const SIX_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** A measured value: `3.5123`, `0.00042`, `12,345,678.9`. Six digits, or all before the point. */
export const renderFigure = (value: number): string =>
  Math.abs(value) < 100_000 ? SIX_DIGITS.format(value) : WHOLE.format(value)

/** `850 ms`, `42 s`, `3 min 5 s`, `2 h 1 min`. */
export const renderDuration = (ms: Millis): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `512 B`, `1.5 KB`, `2.0 MB`. */
export const renderSize = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/**
 * List prices of Claude models, to put a figure on runs that were cut off before Claude Code could say its own. An
 * estimate: what the agent reports always goes before it, and an unknown model has no figure.
 */
import type { Tokens } from './agent-log.ts'

export interface CacheWrites {
  /** The part of `cacheWrite` that is kept for an hour. */
  readonly cacheWrite1h: number
}

/**
 * US dollars per million tokens, input and output, of the base tier, as the MIT-licensed dataset
 * `@pydantic/genai-prices` 0.1.8 of November 2026 has them.
 */
const PRICES: readonly (readonly [prefix: string, input: number, output: number])[] = [
  ['claude-opus-5', 5, 25],
  ['claude-opus-4-8', 5, 25],
  ['claude-opus-4-7', 5, 25],
  ['claude-opus-4-6', 5, 25],
  ['claude-opus-4-5', 5, 25],
  ['claude-sonnet-5', 2, 10],
  ['claude-sonnet-4-6', 3, 15],
  ['claude-sonnet-4-5', 3, 15],
  ['claude-haiku-4-5', 1, 5],
  ['claude-fable-5', 10, 50],
]

/** Anthropic's cache prices are the same multiples of the input price for every model. */
const CACHE_READ = 0.1
const CACHE_WRITE_5M = 1.25
const CACHE_WRITE_1H = 2

/** US dollars, or null for a model without a known price. Cloud prefixes and date suffixes do not matter. */
export const estimateCost = (model: string, tokens: Tokens & CacheWrites): number | null => {
  const name = model.toLowerCase()
  const row = PRICES.find(([prefix]) => {
    const at = name.indexOf(prefix)
    // `claude-opus-5-1` is another model than `claude-opus-5`; `-20250929`, `@…` and `-v1:0` are not.
    return at !== -1 && !/^[-.]?\d{1,2}(?!\d)/.test(name.slice(at + prefix.length))
  })
  if (row === undefined) return null
  const [, input, output] = row
  const writes5m = tokens.cacheWrite - tokens.cacheWrite1h
  const inputs =
    tokens.input + tokens.cacheRead * CACHE_READ + writes5m * CACHE_WRITE_5M + tokens.cacheWrite1h * CACHE_WRITE_1H
  return (inputs * input + tokens.output * output) / 1_000_000
}

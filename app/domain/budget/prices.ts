/** What a run cost by its tokens, for agents that name no cost themselves. An unknown model has no price, and so no figure. */
import type { MicroUsd, Tokens } from '../task/state.ts'

/** US dollars per million tokens, which is millionths of a dollar per token. */
export interface Price {
  readonly input: number
  readonly output: number
  /** Null: as input. */
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
}

/** By the beginning of the model's name. */
export type Prices = Readonly<Record<string, Price>>

/** When the table below was made; prices change. */
export const PRICES_OF = '2026-11'

const price = (input: number, output: number, cacheRead: number, cacheWrite: number | null = null): Price => ({
  input,
  output,
  cacheRead,
  cacheWrite,
})

/** List prices of the base tier as the MIT-licensed dataset `@pydantic/genai-prices` 0.1.8 has them; cache writes for 5 minutes. */
const BUILT_IN: Prices = {
  'claude-opus-5': price(5, 25, 0.5, 6.25),
  'claude-opus-4-8': price(5, 25, 0.5, 6.25),
  'claude-opus-4-7': price(5, 25, 0.5, 6.25),
  'claude-opus-4-6': price(5, 25, 0.5, 6.25),
  'claude-opus-4-5': price(5, 25, 0.5, 6.25),
  'claude-sonnet-5': price(2, 10, 0.2, 2.5),
  'claude-sonnet-4-6': price(3, 15, 0.3, 3.75),
  'claude-sonnet-4-5': price(3, 15, 0.3, 3.75),
  'claude-haiku-4-5': price(1, 5, 0.1, 1.25),
  'claude-fable-5': price(10, 50, 1, 12.5),
  'gpt-5.6-sol': price(4, 20, 0.4, 5),
  'gpt-5.6-terra': price(2, 12, 0.2, 2.5),
  'gpt-5.6-luna': price(0.2, 1.2, 0.02, 0.25),
  'gpt-5.5': price(5, 30, 0.5),
  'gpt-5.4-mini': price(0.75, 4.5, 0.075),
  'gpt-5.4': price(2.5, 15, 0.25),
  'gpt-5.3-codex': price(1.75, 14, 0.175),
  'gpt-5.2-codex': price(1.75, 14, 0.175),
  'gpt-5.2': price(1.75, 14, 0.175),
  'gpt-5.1': price(1.25, 10, 0.125),
  'gpt-5-codex': price(1.25, 10, 0.125),
  'gpt-5': price(1.25, 10, 0.125),
  'gemini-2.5-pro': price(1.25, 10, 0.125),
  'gemini-3.1-pro-preview': price(2, 12, 0.2),
  'gemini-3-flash-preview': price(0.5, 3, 0.05),
  'gemini-3.5-flash': price(1.5, 9, 0.15),
  'gemini-3.6-flash': price(0.75, 3.75, 0.075),
}

/** A figure in whole micro-USD, rounded up; null where the model or the parts of its tokens are not known. */
export const priceOf = (tokens: Tokens, model: string | null, configured: Prices = {}): MicroUsd | null => {
  const found = model === null ? null : (findPrice(model, configured) ?? findPrice(model, BUILT_IN))
  const { input, output, cacheRead, cacheWrite } = tokens
  if (found === null || input === null || output === null) return null
  const cost =
    input * found.input +
    output * found.output +
    (cacheRead ?? 0) * (found.cacheRead ?? found.input) +
    (cacheWrite ?? 0) * (found.cacheWrite ?? found.input)
  return Math.ceil(cost)
}

/** Behind a known name: nothing, a date, a version of the same model, or which context it was given. */
const SAME_MODEL = /^(?:[-@]\d{4,}.*|-\d{4}-\d{2}-\d{2}|@.*|-v\d+:\d+|-latest|\[.*\])?$/

/** `claude-opus-5-1` and `gpt-5.1` are other models than `claude-opus-5` and `gpt-5`; prefixes of clouds do not matter. */
const findPrice = (model: string, prices: Prices): Price | null => {
  const name = model.toLowerCase()
  const row = Object.entries(prices).find(([known]) => {
    const at = name.indexOf(known.toLowerCase())
    return at !== -1 && !/[a-z0-9]$/.test(name.slice(0, at)) && SAME_MODEL.test(name.slice(at + known.length))
  })
  return row?.[1] ?? null
}

/** Money and counts as people write them, in commands and in the configuration. */

const MICRO_PER_USD = 1_000_000
/** Above this it is a mistake, and sums stay exact. */
const MAX_USD = 1_000_000
const MONEY = /^(?:\$(\d{1,7}(?:\.\d{1,12})?)|(\d{1,7}(?:\.\d{1,12})?)(?:usd|\$)?)$/i
const COUNT = /^(\d{1,3}(?:[,_]\d{3})+|\d{1,15})$/
const SHORT_COUNT = /^(\d{1,6}(?:\.\d{1,3})?)([km])$/i

/** `$5`, `0.42`, `5usd` → whole millionths of a dollar, rounded; null otherwise. */
export const parseMoney = (text: string): number | null => {
  const match = MONEY.exec(text)
  if (match === null) return null
  const usd = Number(match[1] ?? match[2])
  return usd <= MAX_USD ? Math.round(usd * MICRO_PER_USD) : null
}

/** `12000`, `12,000`, `12k`, `1.5m` → a whole number; null otherwise. */
export const parseCount = (text: string): number | null => {
  const plain = COUNT.exec(text)
  if (plain !== null) return Number((plain[1] ?? '').replaceAll(/[,_]/g, ''))
  const short = SHORT_COUNT.exec(text)
  return short === null ? null : Math.round(Number(short[1]) * (short[2]?.toLowerCase() === 'k' ? 1_000 : 1_000_000))
}

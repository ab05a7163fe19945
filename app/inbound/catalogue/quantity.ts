/** Money, counts and sizes as people write them. */

const MICRO_PER_USD = 1_000_000
/** Above this it is a mistake, and sums stay exact. */
const MAX_USD = 1_000_000
const MONEY = /^(?:\$(\d{1,7}(?:\.\d{1,12})?)|(\d{1,7}(?:\.\d{1,12})?)(?:usd|\$)?)$/i
const COUNT = /^(\d{1,3}(?:[,_]\d{3})+|\d{1,15})$/
const SHORT_COUNT = /^(\d{1,6}(?:\.\d{1,3})?)([km])$/i
const SIZE = /^(\d{1,15})(?:b|bytes)?$|^(\d{1,9}(?:\.\d{1,3})?)(k|m|g)i?b$/i

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

const BYTES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `4096`, `12kb`, `1.5MiB` → bytes (kilo is 1024); null otherwise. */
export const parseSize = (text: string): number | null => {
  const match = SIZE.exec(text)
  if (match === null) return null
  if (match[1] !== undefined) return Number(match[1])
  return Math.round(Number(match[2]) * (BYTES[(match[3] ?? '').toLowerCase()] ?? 1))
}

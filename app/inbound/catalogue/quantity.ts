/** Sizes as people write them; money and counts are the schemas' own. */

export { parseCount, parseMoney } from '../../../schemas/amounts.ts'

const SIZE = /^(\d{1,15})(?:b|bytes)?$|^(\d{1,9}(?:\.\d{1,3})?)(k|m|g)i?b$/i

const BYTES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `4096`, `12kb`, `1.5MiB` → bytes (kilo is 1024); null otherwise. */
export const parseSize = (text: string): number | null => {
  const match = SIZE.exec(text)
  if (match === null) return null
  if (match[1] !== undefined) return Number(match[1])
  return Math.round(Number(match[2]) * (BYTES[(match[3] ?? '').toLowerCase()] ?? 1))
}

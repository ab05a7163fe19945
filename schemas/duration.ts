/** Durations as people write them: `90s`, `90m`, `1h30m`, `2d`. */

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const
const WHOLE = /^(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/

/** Milliseconds, or null when the text is not a duration above zero. */
export const parseDuration = (text: string): number | null => {
  const match = WHOLE.exec(text.trim())
  if (match === null) return null
  const [, d, h, m, s] = match.map((part) => Number(part ?? 0))
  const ms = (d ?? 0) * UNIT_MS.d + (h ?? 0) * UNIT_MS.h + (m ?? 0) * UNIT_MS.m + (s ?? 0) * UNIT_MS.s
  return ms > 0 ? ms : null
}

/** The shortest form: `1h30m`, `45s`, `0s`; below a second it rounds up. */
export const renderDuration = (ms: number): string => {
  let rest = Math.max(0, Math.ceil(ms / 1000))
  const parts: string[] = []
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.join('') || '0s'
}

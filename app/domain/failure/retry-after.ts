/** How long an error text says to wait. A time of day without a zone is not a duration and is left alone. */

/** Longer waits are mistakes or other numbers. */
const MAX_MS = 32 * 86_400_000

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const PART =
  /(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])/giy

const HEADER = /\bretry[-_]after(-ms)?["']? ?[:=] ?["']?(\d{1,9}(?:\.\d{1,3})?)(?![\d.]|[a-z])/i
const PHRASE =
  /\b(?:(?:re)?try(?: again)?|wait|available|resets?|retrying) (?:in|after|for)(?: about)? (?=\d)|["']retry_?delay["'] ?: ?["'](?=\d)/gi
/** Claude's `usage limit reached|1763701200`. */
const EPOCH = /\blimit reached ?\| ?(1\d{9})(\d{3})?\b/i

const unitOf = (word: string): number => {
  const name = word.toLowerCase()
  return UNIT_MS[name.startsWith('milli') || name === 'ms' ? 'ms' : name.charAt(0)] ?? 0
}

const readDuration = (text: string, from: number): number | null => {
  let total: number | null = null
  PART.lastIndex = from
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    total = (total ?? 0) + Number(part[1]) * unitOf(part[2] ?? '')
    const gap = /(?: and|,)? ?/y
    gap.lastIndex = PART.lastIndex
    PART.lastIndex += gap.exec(text)?.[0].length ?? 0
  }
  return total
}

/** Milliseconds, rounded up, or null. `now` is in milliseconds since 1970. */
export const findRetryAfter = (text: string, now: number): number | null => {
  const found = findWait(text, now)
  return found === null || !(found >= 0 && found <= MAX_MS) ? null : Math.ceil(found)
}

const findWait = (text: string, now: number): number | null => {
  const header = HEADER.exec(text)
  if (header !== null) return Number(header[2]) * (header[1] === undefined ? 1000 : 1)
  for (const phrase of text.matchAll(PHRASE)) {
    const wait = readDuration(text, phrase.index + phrase[0].length)
    if (wait !== null) return wait
  }
  const epoch = EPOCH.exec(text)
  return epoch === null ? null : Math.max(0, Number(epoch[1]) * 1000 - now)
}

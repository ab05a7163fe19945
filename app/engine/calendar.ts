/** Which day and month it is in a time zone, and when they end. Asks the platform's time zone data, which the domain may not. */
import type { Calendar } from '../domain/budget/facts.ts'
import type { Millis } from '../domain/event/envelope.ts'

const HOUR: Millis = 3_600_000
/** No day is longer, whatever is done to the clocks, and no month has more. */
const LONGEST_DAY = 50 * HOUR
const LONGEST_MONTH = 33 * 24 * HOUR

interface Known extends Calendar {
  readonly from: Millis
}

const formats = new Map<string, Intl.DateTimeFormat>()
const newest = new Map<string, Known>()

/** An unknown zone is UTC: a configuration that names one is refused where it is read. */
export const calendarAt = (now: Millis, timeZone: string): Calendar => {
  const last = newest.get(timeZone)
  const known = last !== undefined && last.from <= now && now < last.dayEndsAt ? last : lookUp(now, timeZone)
  newest.set(timeZone, known)
  const { from: _, ...calendar } = known
  return calendar
}

const lookUp = (now: Millis, timeZone: string): Known => {
  const day = dayAt(now, timeZone)
  const month = day.slice(0, 7)
  return {
    from: now,
    timeZone,
    day,
    month,
    dayEndsAt: firstAfter(now, LONGEST_DAY, (at) => dayAt(at, timeZone) !== day),
    monthEndsAt: firstAfter(now, LONGEST_MONTH, (at) => dayAt(at, timeZone).slice(0, 7) !== month),
  }
}

/** The first moment at which it holds, when it holds from some moment on. */
const firstAfter = (now: Millis, within: Millis, holds: (at: Millis) => boolean): Millis => {
  let before = now
  let after = now + within
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (holds(middle)) after = middle
    else before = middle
  }
  return after
}

const dayAt = (at: Millis, timeZone: string): string => {
  const format = formats.get(timeZone) ?? formatOf(timeZone)
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']}`
}

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'gregory' } as const
  try {
    return new Intl.DateTimeFormat('en-US', { ...digits, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...digits, timeZone: 'UTC' })
  }
}

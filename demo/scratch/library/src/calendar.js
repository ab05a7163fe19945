/** Days, months and weeks of the Gregorian calendar, in UTC. A day is `{ year, month, day }`, its month from 1 to 12. */

const DAY_MS = 86_400_000

const toTime = ({ year, month, day }) => Date.UTC(year, month - 1, day)

const fromTime = (time) => {
  const date = new Date(time)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Every fourth year, but of the full centuries only every fourth. */
export function isLeapYear(year) {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

export function daysInMonth(year, month) {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The same day some months later, or the last day of that month when it is shorter. `count` may be negative. */
export function addMonths({ year, month, day }, count) {
  const months = year * 12 + (month - 1) + count
  const target = { year: Math.floor(months / 12), month: (((months % 12) + 12) % 12) + 1 }
  return { ...target, day: Math.min(day, daysInMonth(target.year, target.month)) }
}

/** Whole days from one day to another; negative when the second is earlier. */
export function daysBetween(from, to) {
  return Math.round((toTime(to) - toTime(from)) / DAY_MS)
}

/** The ISO week, which belongs to the year of its Thursday: `{ year, week }`. */
export function isoWeek(day) {
  const time = toTime(day)
  const weekday = (new Date(time).getUTCDay() + 6) % 7
  const thursday = fromTime(time + (3 - weekday) * DAY_MS)
  const first = { year: thursday.year, month: 1, day: 1 }
  return { year: thursday.year, week: Math.floor(daysBetween(first, thursday) / 7) + 1 }
}

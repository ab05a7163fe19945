import { describe, expect, it } from 'vitest'
import { calendarAt } from '../../app/engine/calendar.ts'

const at = (iso: string): number => Date.parse(iso)

describe('the day and month of a time zone', () => {
  it.each([
    ['2026-11-30T22:59:59.999Z', 'Europe/Berlin', '2026-11-30', '2026-11-30T23:00:00Z', '2026-11-30T23:00:00Z'],
    ['2026-11-30T23:00:00Z', 'Europe/Berlin', '2026-12-01', '2026-12-01T23:00:00Z', '2026-12-31T23:00:00Z'],
    ['2026-03-29T10:00:00Z', 'Europe/Berlin', '2026-03-29', '2026-03-29T22:00:00Z', '2026-03-31T22:00:00Z'],
    ['2026-12-31T12:00:00Z', 'Pacific/Auckland', '2027-01-01', '2027-01-01T11:00:00Z', '2027-01-31T11:00:00Z'],
    ['2026-02-28T12:00:00Z', 'UTC', '2026-02-28', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z'],
  ])('at %s in %s are %s', (now, timeZone, day, dayEnds, monthEnds) => {
    expect(calendarAt(at(now), timeZone)).toEqual({
      timeZone,
      day,
      month: day.slice(0, 7),
      dayEndsAt: at(dayEnds),
      monthEndsAt: at(monthEnds),
    })
  })

  it('do not stay when the clock goes on, or back', () => {
    expect(calendarAt(at('2026-11-30T12:00:00Z'), 'UTC').day).toBe('2026-11-30')
    expect(calendarAt(at('2026-12-01T00:00:00Z'), 'UTC').day).toBe('2026-12-01')
    expect(calendarAt(at('2026-11-29T12:00:00Z'), 'UTC').day).toBe('2026-11-29')
  })
})

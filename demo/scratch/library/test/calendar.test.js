import assert from 'node:assert/strict'
import { test } from 'node:test'

import { addMonths, daysBetween, daysInMonth, isLeapYear, isoWeek } from '../src/calendar.js'

const day = (text) => {
  const [year, month, number] = text.split('-').map(Number)
  return { year, month, day: number }
}

test('knows leap years', () => {
  assert.equal(isLeapYear(2024), true)
  assert.equal(isLeapYear(2023), false)
})

test('knows which full centuries are leap years', () => {
  assert.equal(isLeapYear(2000), true)
  assert.equal(isLeapYear(1900), false)
  assert.equal(isLeapYear(2100), false)
})

test('knows how long months are', () => {
  const lengths = Array.from({ length: 12 }, (_, index) => daysInMonth(2023, index + 1))
  assert.deepEqual(lengths, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
  assert.equal(daysInMonth(2024, 2), 29)
})

test('adds months within a year and across years', () => {
  assert.deepEqual(addMonths(day('2024-03-15'), 2), day('2024-05-15'))
  assert.deepEqual(addMonths(day('2024-11-15'), 3), day('2025-02-15'))
  assert.deepEqual(addMonths(day('2024-01-15'), -1), day('2023-12-15'))
})

test('stays within a shorter month', () => {
  assert.deepEqual(addMonths(day('2024-01-31'), 1), day('2024-02-29'))
  assert.deepEqual(addMonths(day('2023-10-31'), 1), day('2023-11-30'))
})

test('counts days', () => {
  assert.equal(daysBetween(day('2024-02-28'), day('2024-03-01')), 2)
  assert.equal(daysBetween(day('2024-01-01'), day('2023-12-31')), -1)
})

test('numbers the weeks of a year', () => {
  assert.deepEqual(isoWeek(day('2024-07-03')), { year: 2024, week: 27 })
  assert.deepEqual(isoWeek(day('2026-01-01')), { year: 2026, week: 1 })
})

test('puts the first and last days into the right year', () => {
  assert.deepEqual(isoWeek(day('2023-01-01')), { year: 2022, week: 52 })
  assert.deepEqual(isoWeek(day('2024-12-30')), { year: 2025, week: 1 })
  assert.deepEqual(isoWeek(day('2021-01-03')), { year: 2020, week: 53 })
})

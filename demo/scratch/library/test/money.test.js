import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formatCents, parseCents, splitCents } from '../src/money.js'

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

test('splits an even amount evenly', () => {
  assert.deepEqual(splitCents(900, [1, 1, 1]), [300, 300, 300])
})

test('gives left-over cents to the first shares', () => {
  assert.deepEqual(splitCents(1000, [1, 1, 1]), [334, 333, 333])
  assert.deepEqual(splitCents(1001, [1, 1, 1]), [334, 334, 333])
})

test('splits by weight', () => {
  assert.deepEqual(splitCents(100, [3, 1]), [75, 25])
})

test('never loses or makes a cent', () => {
  for (let cents = 0; cents < 200; cents += 7) {
    for (const weights of [[1], [1, 2], [1, 1, 1], [5, 3, 2, 1]]) assert.equal(sum(splitCents(cents, weights)), cents)
  }
})

test('refuses what cannot be split', () => {
  assert.throws(() => splitCents(-1, [1]), RangeError)
  assert.throws(() => splitCents(1.5, [1]), RangeError)
  assert.throws(() => splitCents(100, []), RangeError)
})

test('shows amounts with two digits and thousands', () => {
  assert.equal(formatCents(5), '0.05')
  assert.equal(formatCents(123_456_789), '1,234,567.89')
  assert.equal(formatCents(-250), '-2.50')
  assert.equal(formatCents(0), '0.00')
})

test('reads amounts', () => {
  assert.equal(parseCents('12,345.67'), 1_234_567)
  assert.equal(parseCents('7'), 700)
  assert.equal(parseCents(' 0.5 '), 50)
  assert.equal(parseCents('-3.20'), -320)
  assert.equal(parseCents('1,23'), undefined)
  assert.equal(parseCents('a lot'), undefined)
})

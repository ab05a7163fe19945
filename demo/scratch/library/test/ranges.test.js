import assert from 'node:assert/strict'
import { test } from 'node:test'

import { covers, mergeRanges, subtractRange } from '../src/ranges.js'

const range = (from, to) => ({ from, to })

test('keeps ranges apart that are apart', () => {
  assert.deepEqual(mergeRanges([range(5, 7), range(1, 3)]), [range(1, 3), range(5, 7)])
})

test('joins ranges that overlap', () => {
  assert.deepEqual(mergeRanges([range(1, 4), range(3, 6), range(2, 3)]), [range(1, 6)])
})

test('joins ranges that touch', () => {
  assert.deepEqual(mergeRanges([range(9, 10), range(10, 12)]), [range(9, 12)])
})

test('drops empty ranges and leaves its input alone', () => {
  const ranges = [range(4, 4), range(1, 3), range(2, 5)]
  assert.deepEqual(mergeRanges(ranges), [range(1, 5)])
  assert.deepEqual(ranges, [range(4, 4), range(1, 3), range(2, 5)])
})

test('cuts a hole', () => {
  assert.deepEqual(subtractRange([range(1, 10)], range(4, 6)), [range(1, 4), range(6, 10)])
})

test('cuts off ends and whole ranges', () => {
  assert.deepEqual(subtractRange([range(1, 4), range(6, 9)], range(3, 7)), [range(1, 3), range(7, 9)])
  assert.deepEqual(subtractRange([range(2, 3)], range(1, 4)), [])
})

test('looks numbers up', () => {
  const merged = [range(1, 3), range(5, 8), range(10, 11), range(20, 30)]
  const inside = [1, 2, 5, 7, 10, 20, 29]
  const outside = [0, 4, 9, 15, 31]
  assert.deepEqual(
    inside.filter((number) => !covers(merged, number)),
    [],
  )
  assert.deepEqual(
    outside.filter((number) => covers(merged, number)),
    [],
  )
})

test('does not count the end of a range as inside', () => {
  assert.equal(covers([range(1, 3), range(5, 8)], 3), false)
  assert.equal(covers([range(1, 3), range(5, 8)], 8), false)
  assert.equal(covers([], 1), false)
})

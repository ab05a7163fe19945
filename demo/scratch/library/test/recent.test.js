import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRecent } from '../src/recent.js'

test('gives back what was put in', () => {
  const recent = createRecent(2)
  recent.set('a', 1)
  assert.equal(recent.get('a'), 1)
  assert.equal(recent.get('b'), undefined)
})

test('holds as many as its limit', () => {
  const recent = createRecent(3)
  for (const key of ['a', 'b', 'c']) recent.set(key, key)
  assert.equal(recent.size, 3)
  assert.deepEqual(recent.keys(), ['a', 'b', 'c'])
})

test('forgets the one not used for longest', () => {
  const recent = createRecent(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.get('a')
  recent.set('c', 3)
  assert.deepEqual(recent.keys(), ['a', 'c'])
})

test('does not count a look as a use', () => {
  const recent = createRecent(2)
  recent.set('a', 1)
  recent.set('b', 2)
  assert.equal(recent.has('a'), true)
  recent.set('c', 3)
  assert.equal(recent.has('a'), false)
})

test('keeps undefined values too', () => {
  const recent = createRecent(1)
  recent.set('a', undefined)
  assert.equal(recent.has('a'), true)
})

test('refuses a limit that holds nothing', () => {
  assert.throws(() => createRecent(0), RangeError)
  assert.throws(() => createRecent(1.5), RangeError)
})

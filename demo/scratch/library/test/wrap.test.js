import assert from 'node:assert/strict'
import { test } from 'node:test'

import { shorten, wrapText } from '../src/wrap.js'

test('breaks between words', () => {
  assert.deepEqual(wrapText('the quick brown fox', 10), ['the quick', 'brown fox'])
})

test('fills a line to its last character', () => {
  assert.deepEqual(wrapText('aaa bbb ccc', 7), ['aaa bbb', 'ccc'])
})

test('breaks words that are longer than a line', () => {
  assert.deepEqual(wrapText('ab abcdefgh c', 3), ['ab', 'abc', 'def', 'gh', 'c'])
})

test('makes one space of many', () => {
  assert.deepEqual(wrapText('  a \n b\t c ', 20), ['a b c'])
  assert.deepEqual(wrapText('   ', 20), [])
})

test('counts an emoji as one', () => {
  assert.deepEqual(wrapText('👩‍🚀👩‍🚀 👩‍🚀', 2), ['👩‍🚀👩‍🚀', '👩‍🚀'])
})

test('refuses a line without room', () => {
  assert.throws(() => wrapText('a', 0), RangeError)
})

test('leaves short text alone', () => {
  assert.equal(shorten('abcdef', 6), 'abcdef')
})

test('keeps both ends of long text', () => {
  assert.equal(shorten('abcdefghij', 5), 'ab…ij')
  assert.equal(shorten('abcdefghij', 6), 'abc…ij')
  assert.equal(shorten('abcdefghij', 1), '…')
})

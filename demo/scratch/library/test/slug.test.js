import assert from 'node:assert/strict'
import { test } from 'node:test'

import { slugify } from '../src/slug.js'

test('makes words and hyphens', () => {
  assert.equal(slugify('Hello, World!'), 'hello-world')
  assert.equal(slugify('  one -- two  '), 'one-two')
})

test('keeps words with apostrophes whole', () => {
  assert.equal(slugify("Don't stop"), 'dont-stop')
})

test('writes letters of other alphabets plainly', () => {
  assert.equal(slugify('Élan & Söhne'), 'elan-sohne')
  assert.equal(slugify('Straße in Łódź'), 'strasse-in-lodz')
})

test('has a name for nothing', () => {
  assert.equal(slugify('!!!'), 'untitled')
})

test('cuts between words', () => {
  assert.equal(slugify('the quick brown fox jumps', 16), 'the-quick-brown')
  assert.equal(slugify('the quick brown fox jumps', 15), 'the-quick-brown')
  assert.equal(slugify('the quick brown fox', 19), 'the-quick-brown-fox')
})

test('cuts a single long word where it must', () => {
  assert.equal(slugify('internationalisation', 8), 'internat')
})

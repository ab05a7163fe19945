import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formatCsv, parseCsv } from '../src/csv.js'

test('reads rows and cells', () => {
  assert.deepEqual(parseCsv('a,b\r\nc,d\n'), [
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('reads a last row without a line end', () => {
  assert.deepEqual(parseCsv('a\nb'), [['a'], ['b']])
  assert.deepEqual(parseCsv('a,'), [['a', '']])
  assert.deepEqual(parseCsv(''), [])
})

test('keeps commas and line breaks in quotes', () => {
  assert.deepEqual(parseCsv('"a, b","c\nd"\n'), [['a, b', 'c\nd']])
})

test('reads a doubled quote as one', () => {
  assert.deepEqual(parseCsv('"say ""hi""",x\n'), [['say "hi"', 'x']])
  assert.deepEqual(parseCsv('""""\n'), [['"']])
})

test('refuses a quote that is never closed', () => {
  assert.throws(() => parseCsv('"a,b\n'), SyntaxError)
})

test('writes plain cells plainly', () => {
  assert.equal(formatCsv([['a', 1, null]]), 'a,1,\n')
})

test('quotes only what needs it', () => {
  assert.equal(formatCsv([['a,b', 'c"d', ' e', 'f']]), '"a,b","c""d"," e",f\n')
})

test('reads back what it wrote', () => {
  const rows = [
    ['plain', 'with, comma', 'with "quotes"'],
    ['two\nlines', '', ' spaces '],
  ]
  assert.deepEqual(parseCsv(formatCsv(rows)), rows)
})

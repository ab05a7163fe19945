import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommandLine } from '../../../app/inbound/slash/parse-command-line.ts'
import { splitWords } from '../../../app/inbound/slash/split-words.ts'

const BARE = { bare: true }
const PREFIXED = { bare: false }

const problemOf = (line: string, options = BARE): unknown => {
  const parsed = parseCommandLine(line, options)
  if (parsed?.ok !== false) throw new Error(`${line} parses: ${JSON.stringify(parsed)}`)
  return parsed.problem
}

describe('words', () => {
  test.each([
    ['', []],
    ['a  b\tc', ['a', 'b', 'c']],
    ['"two words" x', ['two words', 'x']],
    [String.raw`"say \"hi\" in C:\temp\\"`, [String.raw`say "hi" in C:\temp` + '\\']],
    ['key=value Key2="two words"', ['key:value', 'key2:two words']],
    ['key=', ['key:']],
    ['key="" ""', ['key:', '']],
    ['https://x.example/?a=b', ['https://x.example/?a=b']],
    ['a=b=c', ['a:b=c']],
    ['it\'s 5"', ["it's", '5"']],
    ['“two words” k=“x y”', ['two words', 'k:x y']],
    ['a\u00a0b', ['a', 'b']],
    ['$0.42 #12', ['$0.42', '#12']],
  ])('%j', (text, words) => {
    expect(splitWords(text)?.map(({ key, value }) => (key === null ? value : `${key}:${value}`))).toEqual(words)
  })

  test.each(['"open', 'a "open', 'key="open', '"a"b', '“open', 'key=”', String.raw`"a\"`])(
    '%j is not closed',
    (text) => {
      expect(splitWords(text)).toBeNull()
    },
  )

  test('any values come back from their quoted form', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '=', '“', '\t', 'é', '\n'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const line = values.map((each) => `"${each.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(' ')
        expect(splitWords(line)?.map((word) => word.value)).toEqual(values)
      }),
    )
  })
})

describe('what is addressed to us', () => {
  test.each(['/retry', '/Retry', '/retry now', '/muster retry', '/MUSTER   retry', '/muster\tretry'])('%s', (line) => {
    expect(parseCommandLine(line, BARE)).toMatchObject({ ok: true, row: { verb: 'retry' } })
  })

  test.each([
    'retry',
    '/',
    '//retry',
    '/ retry',
    '/retry/now',
    '/retry.',
    '/usr/bin/env is missing',
    '/approve',
    '/lgtm',
    '/retest',
    '/hold',
    '/close #1',
    '/musterx retry',
    '/muster-retry',
    `/${'a'.repeat(70_000)}`,
  ])('%.40s is not', (line) => expect(parseCommandLine(line, BARE)).toBeNull())

  test('with bare commands off only /muster counts', () => {
    expect(parseCommandLine('/retry', PREFIXED)).toBeNull()
    expect(parseCommandLine('/cliam', PREFIXED)).toBeNull()
    expect(parseCommandLine('/heartbeat fence=1.1', PREFIXED)).toBeNull()
    expect(parseCommandLine('/muster retry', PREFIXED)).toMatchObject({ ok: true, row: { verb: 'retry' } })
    expect(parseCommandLine('/muster', PREFIXED)).toMatchObject({ ok: true, row: { verb: 'help' } })
  })
})

describe('problems', () => {
  test.each([
    ['/cliam', { code: 'unknown-verb', verb: 'cliam', suggestion: 'claim' }],
    ['/muster approve', { code: 'unknown-verb', verb: 'approve', suggestion: null }],
    ['/muster /retry', { code: 'unknown-verb', verb: '/retry', suggestion: 'retry' }],
    ['/muster ...', { code: 'unknown-verb', verb: '...', suggestion: null }],
    ['/heartbeat fence=1.1', { code: 'not-here', verb: 'heartbeat' }],
    ['/evidence "npm test exit=0', { code: 'unclosed-quote', verb: 'evidence' }],
    ['/claim agnet=x', { code: 'unknown-argument', verb: 'claim', name: 'agnet', suggestion: 'agent' }],
    ['/claim run=7', { code: 'unknown-argument', verb: 'claim', name: 'run', suggestion: null }],
    ['/claim agent=a agent=b', { code: 'duplicate-argument', verb: 'claim', name: 'agent' }],
    ['/claim agent=a Agent=a', { code: 'duplicate-argument', verb: 'claim', name: 'agent' }],
    ['/priority p1 priority=p2', { code: 'unexpected-value', verb: 'priority', value: 'p1' }],
    ['/fail', { code: 'missing-argument', verb: 'fail', name: 'class' }],
    ['/note', { code: 'missing-argument', verb: 'note', name: 'text' }],
    [
      '/note ""',
      { code: 'bad-value', verb: 'note', name: 'text', value: '', expected: 'some words', suggestion: null },
    ],
    ['/depends', { code: 'missing-argument', verb: 'depends', name: 'on' }],
    ['/evidence npm test exit=0', { code: 'unexpected-value', verb: 'evidence', value: 'test', quotable: true }],
    ['/ready now', { code: 'unexpected-value', verb: 'ready', value: 'now', quotable: false }],
    [
      '/claim ttl=soon',
      {
        code: 'bad-value',
        verb: 'claim',
        name: 'ttl',
        value: 'soon',
        expected: 'a duration such as 90m, 1h30m or 2d',
        suggestion: null,
      },
    ],
    ['/fail class=test_fial', { code: 'bad-value', verb: 'fail', name: 'class', suggestion: 'test_fail' }],
    ['/depends #12 twelve', { code: 'bad-value', verb: 'depends', name: 'on', value: 'twelve' }],
    [`/depends ${'#1 '.repeat(51)}`.trim(), { code: 'bad-value', name: 'on', expected: 'at most 50 values' }],
  ])('%.60s', (line, problem) => expect(problemOf(line)).toMatchObject(problem))
})

test('a place that its name has filled is not filled again', () => {
  expect(parseCommandLine('/artifact kind=log https://ci.example/a', BARE)).toMatchObject({
    ok: true,
    args: { kind: 'log', url: 'https://ci.example/a' },
  })
  expect(parseCommandLine('/artifact https://ci.example/a kind=log', BARE)).toMatchObject({
    ok: true,
    args: { kind: 'log' },
  })
})

test('no line makes the parser throw or run long', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      'muster',
      'claim',
      'fail',
      'note',
      ' ',
      '"',
      '\\',
      '=',
      'agent',
      'class',
      '“',
      '\t',
      '#12',
      'ttl=90m',
    ),
    fc.string({ maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      parseCommandLine(`/${pieces.join('')}`, BARE)
    }),
    { numRuns: 2000 },
  )
  for (const unit of ['"', '\\', '" ', '\\"', 'a=', 'a="', '“', '= ', ' ', '#1 ']) {
    for (const verb of ['/claim ', '/note ', '/evidence ', '/depends ', '/muster ']) {
      parseCommandLine(verb + unit.repeat(65_000 / unit.length), BARE)
    }
  }
})

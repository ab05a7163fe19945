import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance, nearestWord } from '../../../app/inbound/catalogue/nearest-word.ts'
import { parseReference, renderReference } from '../../../app/inbound/catalogue/reference.ts'
import { VALUE_TYPES, type ValueTypeName } from '../../../app/inbound/catalogue/value-types.ts'

const CASES: Readonly<
  Record<ValueTypeName, { readonly good: readonly (readonly [string, unknown])[]; readonly bad: readonly string[] }>
> = {
  'failure-policy': { good: [['DROP', 'drop']], bad: ['', 'ignore'] },
  parent: {
    good: [
      ['None', 'none'],
      ['#12', { kind: 'number', number: 12 }],
    ],
    bad: ['', 'nobody'],
  },
  head: {
    good: [['1F2E3D4', '1f2e3d4']],
    bad: ['', '1f2e3d', 'g'.repeat(40), 'a'.repeat(41)],
  },
  gate: { good: [['merge-to-main', 'merge-to-main']], bad: ['', '-x', 'a b', '<b>', 'x'.repeat(51)] },
  'policy-verb': { good: [['Claim', 'claim']], bad: ['', 'push'] },
  text: { good: [[' a b ', 'a b']], bad: ['', '  ', 'x'.repeat(501)] },
  note: { good: [['x'.repeat(2000), 'x'.repeat(2000)]], bad: ['', 'x'.repeat(2001)] },
  word: { good: [['claude-opus-4.5', 'claude-opus-4.5']], bad: ['', 'a b', '<b>', 'x'.repeat(101)] },
  'cost-scope': {
    good: [
      ['task', 'task'],
      ['PROJECT', 'project'],
    ],
    bad: ['', 'all'],
  },
  integer: {
    good: [
      ['0', 0],
      ['-1', -1],
      ['137', 137],
    ],
    bad: ['', '1.5', '1e3', '0x1', '9999999999', 'one'],
  },
  count: {
    good: [
      ['0', 0],
      ['12000', 12_000],
      ['12,000', 12_000],
      ['1_234_567', 1_234_567],
      ['12k', 12_000],
      ['1.5M', 1_500_000],
    ],
    bad: ['', '-1', '1.5', '12,00', '1,2,3', '1g', '1e9', '9'.repeat(16)],
  },
  percent: {
    good: [
      ['40', 40],
      ['0', 0],
      ['100%', 100],
      ['99.5', 99.5],
    ],
    bad: ['101', '-1', 'half', '', '1e1'],
  },
  size: {
    good: [
      ['4096', 4096],
      ['10b', 10],
      ['1.5kb', 1536],
      ['2MiB', 2_097_152],
      ['1GB', 1_073_741_824],
    ],
    bad: ['', '-1', '1.5', '1tb', 'kb'],
  },
  money: {
    good: [
      ['$5', 5_000_000],
      ['5usd', 5_000_000],
      ['0.42', 420_000],
      ['$0.000001', 1],
      ['$0.964416299999', 964_416],
      ['5$', 5_000_000],
      ['5USD', 5_000_000],
    ],
    bad: ['', '-5', '$-5', '5eur', '$5usd', '5,00', '1e3', '$1000001', '$', '.5'],
  },
  budget: {
    good: [
      ['$5', 5_000_000],
      ['None', 'none'],
    ],
    bad: ['', 'off', '-5', 'no'],
  },
  duration: {
    good: [
      ['90m', 5_400_000],
      ['1h30m', 5_400_000],
      ['2d', 172_800_000],
      ['45S', 45_000],
    ],
    bad: ['', '90', '0m', '-1h', '1w', '30m1h', '1.5h'],
  },
  fence: { good: [['1.3', { epoch: 1, n: 3 }]], bad: ['', '1', '1.2.3', 'a.b', '-1.2'] },
  sha256: { good: [['A'.repeat(64), 'a'.repeat(64)]], bad: ['', 'a'.repeat(63), 'g'.repeat(64)] },
  commit: { good: [['B'.repeat(40), 'b'.repeat(40)]], bad: ['', 'abc1234', 'a'.repeat(41)] },
  url: {
    good: [
      ['https://ci.example/a?b=c#d', 'https://ci.example/a?b=c#d'],
      ['HTTP://CI.example/<b>', 'http://ci.example/%3Cb%3E'],
    ],
    bad: [
      '',
      'ci.example/a',
      'ftp://x/y',
      'javascript:alert(1)',
      'https://user:pw@x/y',
      'https://user@x/y',
      'https://',
      `https://x/${'y'.repeat(2048)}`,
    ],
  },
  agent: {
    good: [
      ['@claude', 'claude'],
      ['claude[bot]', 'claude[bot]'],
    ],
    bad: ['', '@', 'a b', 'a/b', '@@x', 'x'.repeat(65)],
  },
  reference: {
    good: [
      ['#12', { kind: 'number', number: 12 }],
      ['12', { kind: 'number', number: 12 }],
    ],
    bad: [
      '',
      '12a',
      '#',
      '#x',
      'DEV',
      'DEV-',
      'TOOLONGKEY-1',
      'a/b/c#1',
      'https://github.com/acme/widgets',
      'https://github.com/a/b/issues/x',
    ],
  },
  blocker: {
    good: [
      ['2', 2],
      ['#2', 2],
      ['b2', 2],
      ['All', 'all'],
    ],
    bad: ['', '0', '-1', 'every'],
  },
  versions: {
    good: [
      ['3..9', { from: 3, to: 9 }],
      ['0..0', { from: 0, to: 0 }],
    ],
    bad: ['', '3', '9..3', '3...9', '-1..2', '3..'],
  },
  instant: {
    good: [
      ['2030-01-31T12:00:00Z', Date.UTC(2030, 0, 31, 12)],
      ['2030-01-31T12:00+01:00', Date.UTC(2030, 0, 31, 11)],
    ],
    bad: ['', '2030-01-31', '2030-01-31T12:00:00', '2030-13-01T00:00:00Z', 'tomorrow'],
  },
  flag: {
    good: [
      ['true', true],
      ['False', false],
    ],
    bad: ['', 'yes', '1'],
  },
  line: { good: [[' a b ', 'a b']], bad: ['', 'a\nb', 'a\u2028b', 'x'.repeat(501)] },
  phase: { good: [['writing tests', 'writing tests']], bad: ['', 'a\tb', 'x'.repeat(61)] },
  tag: { good: [['flaky/api', 'flaky/api']], bad: ['', 'a b', '<b>', 'x'.repeat(51)] },
  moment: {
    good: [
      ['2d', { inMs: 172_800_000 }],
      ['2030-12-24', { at: Date.UTC(2030, 11, 24, 23, 59, 59) }],
      ['2030-12-24T18:00+02:00', { at: Date.UTC(2030, 11, 24, 16) }],
      ['None', 'none'],
    ],
    bad: ['', '2030-13-01', '1960-01-01', '2030-12-24T18:00', 'tomorrow', '24.12.2030'],
  },
  json: { good: [['{"a":[1]}', { a: [1] }]], bad: ['', '{a:1}', 'yes'] },
  details: {
    good: [
      [
        '{"tags":["api"],"deadline":"2030-12-24T18:00:00Z","timeout":"2h","tier":null}',
        { tags: ['api'], deadline: Date.UTC(2030, 11, 24, 18), timeoutMs: 7_200_000, tier: null },
      ],
      [
        '{"estimate":{"usd":0.5},"budget":{"tokens":9},"retry":{"maxAttempts":2},"outputSchema":{"type":"object"}}',
        {
          estimate: { microUsd: 500_000, tokens: null, durationMs: null },
          budget: { microUsd: null, tokens: 9 },
          retry: { maxAttempts: 2 },
          outputSchema: '{"type":"object"}',
        },
      ],
    ],
    bad: ['', '[]', 'null', '{"tagz":[]}', '{"timeout":"soon"}', '{"acceptance":["a\\nb"]}', '{"budget":{"usd":-1}}'],
  },
  'finding-kind': { good: [['Gotcha', 'gotcha']], bad: ['', 'fact'] },
  step: { good: [['plan_1', 'plan_1']], bad: ['', 'a b', 'x'.repeat(41)] },
  'step-verb': { good: [['Start', 'start']], bad: ['', 'stop'] },
  decision: { good: [['Skip', 'skip']], bad: ['', 'drop'] },
  tier: { good: [['Complex', 'complex']], bad: ['', 'huge'] },
  'link-kind': { good: [['Branch', 'branch']], bad: ['', 'pr'] },
  now: { good: [['NOW', 'now']], bad: ['', 'later'] },
  priority: { good: [['P1', 'p1']], bad: ['', 'p4', '1', 'high'] },
  'artifact-kind': { good: [['Log', 'log']], bad: ['', 'logs', 'constructor'] },
  'failure-class': { good: [['test_fail', 'test_fail']], bad: ['', 'tests', 'toString'] },
  'failure-code': { good: [['quota', 'quota']], bad: ['', 'none', '__proto__'] },
}

describe.each(Object.entries(CASES) as [ValueTypeName, (typeof CASES)[ValueTypeName]][])(
  '%s',
  (name, { good, bad }) => {
    test.each(good)('reads %j', (text, value) => expect(VALUE_TYPES[name].read(text)).toEqual({ ok: true, value }))
    test.each(bad)('refuses %j', (text) => {
      const read = VALUE_TYPES[name].read(text)
      expect(read).toMatchObject({ ok: false })
      if (!read.ok) expect(`must be ${read.expected}`).toMatch(/^must be .{5,}/)
    })
  },
)

test('a near miss of a fixed word is suggested', () => {
  expect(VALUE_TYPES['failure-class'].read('test_fial')).toMatchObject({ ok: false, suggestion: 'test_fail' })
  expect(VALUE_TYPES['artifact-kind'].read('logs')).toMatchObject({ ok: false, suggestion: 'log' })
  expect(VALUE_TYPES.priority.read('urgent')).toMatchObject({ ok: false, suggestion: null })
})

test('no text makes a reader throw, and what is read is bounded', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(VALUE_TYPES) as ValueTypeName[]).filter((name) => name !== 'json')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      (name, text) => {
        const read = VALUE_TYPES[name].read(text)
        if (read.ok && typeof read.value === 'number') expect(Number.isSafeInteger(read.value)).toBe(true)
      },
    ),
  )
})

describe('references', () => {
  test.each([
    ['acme/widgets#3', { kind: 'elsewhere', host: null, repository: 'acme/widgets', number: 3 }],
    [
      'http://127.0.0.1:8080/acme/widgets/issues/3',
      { kind: 'elsewhere', host: '127.0.0.1:8080', repository: 'acme/widgets', number: 3 },
    ],
    [
      'https://github.com/Acme/Widgets/issues/3#issuecomment-9',
      { kind: 'elsewhere', host: 'github.com', repository: 'acme/widgets', number: 3 },
    ],
  ])('%s', (text, reference) => expect(parseReference(text)).toEqual(reference))

  test('are read again as they are written', () => {
    for (const text of ['#12', 'DEV-12', 'acme/widgets#3']) {
      const reference = parseReference(text)
      expect(reference === null ? null : renderReference(reference)).toBe(text)
    }
  })
})

describe('the nearest word', () => {
  const verbs = ['claim', 'retry', 'release', 'ready', 'task', 'priority', 'note', 'block', 'unblock']
  test.each([
    ['cliam', 'claim'],
    ['retri', 'retry'],
    ['relaese', 'release'],
    ['unblok', 'unblock'],
    ['prioritty', 'priority'],
    ['taks', 'task'],
    ['approve', null],
    ['lgtm', null],
    ['retest', null],
    ['hold', null],
    ['x'.repeat(10_000), null],
  ])('%s', (word, nearest) => expect(nearestWord(word, verbs)).toBe(nearest))

  test('distance is a metric of small steps', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(editDistance(`${a}x`, b)).toBeLessThanOrEqual(editDistance(a, b) + 1)
      }),
    )
  })
})

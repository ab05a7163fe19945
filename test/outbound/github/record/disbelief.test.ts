import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeJson } from '../../../../app/outbound/github/record/escape-json.ts'
import { MAX_BODY_CHARS, findSealed, seal } from '../../../../app/outbound/github/record/seal.ts'
import { sha256 } from '../../../../app/outbound/github/record/sha256.ts'
import { verifyRecord, type VerifyOptions } from '../../../../app/outbound/github/record/verify-record.ts'
import { KEYS, OTHER_KEYS, PLACE, ROTATED, STREAM, chain, created, note, readied, recordOf } from './given.ts'

const LIFE = chain(STREAM, [created(), readied(), note('hello')])
const RECORD = recordOf(LIFE)
const OURS = { writer: { appId: 1, editedByOther: false }, trustedApps: [1] }

const problemOf = (body: string, options: Partial<VerifyOptions> = {}): string => {
  const verdict = verifyRecord(body, { keys: KEYS, place: PLACE, ...options })
  return verdict.ok ? 'believed' : verdict.problem
}

test('the untouched record is believed', () => {
  expect(problemOf(RECORD.body, { ...OURS, mark: { rev: RECORD.rev, head: RECORD.head } })).toBe('believed')
})

test('any changed byte of the body, the card included, is not believed', () => {
  const bytes = Buffer.from(RECORD.body)
  for (let at = 0; at < bytes.length; at += 1) {
    for (const flip of [0x01, 0x20, 0x80]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ flip
      const problem = problemOf(changed.toString('utf8'))
      if (problem === 'believed') throw new Error(`believed with byte ${at} changed by ${flip}`)
    }
  }
  expect(bytes.length).toBeGreaterThan(1_000)
})

test('cut off anywhere, it is not believed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: RECORD.body.length - 1 }), (length) => {
      expect(problemOf(RECORD.body.slice(0, length))).not.toBe('believed')
    }),
  )
})

test('no body makes it throw', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<!-- muster:record ',
      ' -->',
      '{',
      '}',
      '\r\n',
      RECORD.body,
      '<!-- muster:record v1 kid=k1 rev=1 sig=',
    ),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      verifyRecord(pieces.join(''), { keys: KEYS, place: PLACE, ...OURS })
    }),
    { numRuns: 500 },
  )
})

test('deeply nested JSON and 65,536 openings are refused at once', () => {
  const head = `<!-- muster:record v1 kid=k1 rev=1 sig=${'a'.repeat(64)} `
  expect(problemOf(`${head}{"a":${'['.repeat(60_000)}} -->`)).toBe('malformed')
  expect(problemOf('<!-- muster:record '.repeat(3_000))).toBe('malformed')
  expect(problemOf('x'.repeat(MAX_BODY_CHARS + 1))).toBe('malformed')
  expect(problemOf('<'.repeat(MAX_BODY_CHARS))).toBe('missing')
})

test('a second record in the body makes both worthless', () => {
  expect(problemOf(`${RECORD.body}\n\n${RECORD.body}`)).toBe('malformed')
  expect(problemOf(`<!-- muster:record v1 -->\n${RECORD.body}`)).toBe('malformed')
})

test('text after the record, or before it on its line, is refused', () => {
  expect(problemOf(`${RECORD.body}\nand more`)).toBe('malformed')
  expect(problemOf(RECORD.body.replace('<!--', 'x <!--'))).toBe('malformed')
  expect(problemOf(`${RECORD.body}\n  \n`)).toBe('believed')
})

test('a changed card is refused though the record below it is whole', () => {
  expect(problemOf(RECORD.body.replace('ready', 'done ✅'))).toBe('card-changed')
})

test('a key that is not in the list, and another key under a known name', () => {
  expect(problemOf(recordOf(LIFE, { keys: ROTATED }).body)).toBe('unknown-key')
  expect(problemOf(recordOf(LIFE, { keys: OTHER_KEYS }).body)).toBe('bad-signature')
})

test('pasted from another issue, another repository, or a number that was given again', () => {
  expect(problemOf(RECORD.body, { place: { ...PLACE, issueId: 1, issueNumber: 13 } })).toBe('wrong-place')
  expect(problemOf(RECORD.body, { place: { ...PLACE, repositoryId: 8 } })).toBe('wrong-place')
  expect(problemOf(RECORD.body, { place: { ...PLACE, issueId: 6_000 } })).toBe('wrong-place')
  const place = { repositoryId: 9, issueId: 1, issueNumber: 1 }
  expect(problemOf(RECORD.body, { place, alsoFrom: [PLACE] })).toBe('believed')
})

test('copied by another App, by a person, or edited last by someone else', () => {
  expect(problemOf(RECORD.body, { ...OURS, writer: { appId: 2, editedByOther: false } })).toBe('not-ours')
  expect(problemOf(RECORD.body, { ...OURS, writer: { appId: null, editedByOther: false } })).toBe('not-ours')
  expect(problemOf(RECORD.body, { ...OURS, writer: { appId: 1, editedByOther: true } })).toBe('edited')
})

test('rolled back below the mark, or with another history at the mark', () => {
  const newer = chain(STREAM, [note('more')], LIFE)
  const mark = { rev: 4, head: newer.at(-1)?.hash ?? '' }
  expect(problemOf(RECORD.body, { mark })).toBe('older-than-mark')
  expect(problemOf(recordOf(newer).body, { mark })).toBe('believed')
  const forked = chain(STREAM, [note('else')], LIFE)
  expect(problemOf(recordOf(forked).body, { mark })).toBe('forked-from-mark')
  const longer = chain(STREAM, [note('and on')], forked)
  expect(problemOf(recordOf(longer).body, { mark })).toBe('forked-from-mark')
})

/** Signs what the codec would never write: a lost key's worst, or a bug of ours. */
const signed = (change: Record<string, unknown>): string => {
  const found = findSealed('record', RECORD.body)
  if (found.found !== 'one') throw new Error('the record is there')
  const payload = { ...(JSON.parse(found.text) as object), ...change } as unknown as Parameters<typeof seal>[1]
  return `${found.above}${seal('record', payload, KEYS.signing)}`
}

test('signed nonsense is named for what it is', () => {
  expect(problemOf(signed({}))).toBe('believed')
  expect(problemOf(signed({ schema: 2 }))).toBe('unsupported')
  expect(problemOf(signed({ events: LIFE.slice(1) }))).toBe('broken-chain')
  expect(problemOf(signed({ events: LIFE.slice(0, 2) }))).toBe('broken-chain')
  expect(problemOf(signed({ head: 'f'.repeat(64) }))).toBe('broken-chain')
  expect(problemOf(signed({ stream: 'task/7/13' }))).toBe('broken-chain')
  expect(problemOf(signed({ events: LIFE.with(1, { ...LIFE[1]!, at: 1 }) }))).toBe('broken-chain')
  expect(problemOf(signed({ epoch: 0 }))).toBe('malformed')
  expect(problemOf(signed({ card: sha256('other') }))).toBe('card-changed')
})

test('a newer format is left alone, not misread', () => {
  expect(problemOf(RECORD.body.replace('muster:record v1', 'muster:record v2'))).toBe('unsupported')
})

test('the same JSON written with other spaces or escapes is not what was signed', () => {
  expect(problemOf(RECORD.body.replace('{"base"', '{ "base"'))).toBe('bad-signature')
  expect(escapeJson('"a"')).toBe('"a"')
  expect(problemOf(RECORD.body.replace('hello', String.raw`h\u0065llo`))).toBe('bad-signature')
})

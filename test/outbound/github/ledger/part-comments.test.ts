import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinParts, partComments, readPart } from '../../../../app/outbound/github/ledger/part-comments.ts'
import { MAX_BODY_CHARS } from '../../../../app/outbound/github/record/seal.ts'
import { sha256 } from '../../../../app/outbound/github/record/sha256.ts'
import { KEYS, OTHER_KEYS, PLACE, PROJECT } from '../record/given.ts'

const kept = (text: string) => partComments(PROJECT, PLACE, { digest: sha256(text), text }, KEYS)
const read = (body: string) => {
  const result = readPart(body, PLACE, KEYS)
  return result.ok ? [result.part] : []
}

test('any text comes back from its comments, in whatever order they are read', () => {
  const unit = fc.oneof(fc.constantFrom('<', '-->', '\\', '"', '\u0001', '😀', '\uD800'), fc.string({ unit: 'binary' }))
  const text = fc.tuple(fc.array(unit, { minLength: 1 }), fc.integer({ min: 1, max: 9_000 }))
  fc.assert(
    fc.property(text, ([pieces, times]) => {
      const whole = pieces.join('').repeat(times).slice(0, 150_000) || 'x'
      const comments = kept(whole)
      for (const { body } of comments) expect(body.length).toBeLessThan(MAX_BODY_CHARS)
      const parts = comments.toReversed().flatMap(({ body }) => read(body))
      expect(joinParts(parts).get(sha256(whole))).toBe(whole)
    }),
    { numRuns: 40 },
  )
})

test('with a chunk missing there is nothing, rather than half of it', () => {
  const text = 'long '.repeat(30_000)
  const comments = kept(text)
  expect(comments.length).toBeGreaterThan(2)
  expect(joinParts(comments.slice(1).flatMap(({ body }) => read(body))).size).toBe(0)
})

test('a changed, foreign or misplaced piece is not read', () => {
  const [comment] = kept('secret plans of the lexer')
  const body = comment?.body ?? ''
  expect(readPart(body.replace('lexer', 'parser'), PLACE, KEYS)).toMatchObject({ problem: 'bad-signature' })
  expect(readPart(body, PLACE, OTHER_KEYS)).toMatchObject({ problem: 'bad-signature' })
  expect(readPart(body, { ...PLACE, issueId: 1 }, KEYS)).toMatchObject({ problem: 'wrong-place' })
})

import { expect, test } from 'vitest'
import { parseRecordKeys } from '../../../../app/outbound/github/record/record-keys.ts'

const good = Buffer.alloc(32, 7).toString('base64')

test('the first key signs, all verify', () => {
  const parsed = parseRecordKeys(` new:${good} , old:${good},`)
  expect(parsed.ok && parsed.keys.signing.kid).toBe('new')
  expect(parsed.ok && [...parsed.keys.byKid.keys()]).toEqual(['new', 'old'])
})

test.each([
  ['', /is empty/],
  [good, /entry 1 is not "kid:base64"/],
  [`a--b:${good}`, /entry 1 is not "kid:base64"/],
  [`a b:${good}`, /entry 1 is not "kid:base64"/],
  [`k1:${good},k2:not base64!`, /entry 2 \("k2"\) is not base64/],
  [`k1:${Buffer.alloc(31).toString('base64')}`, /has 31 bytes, and 32 are needed/],
  [`k1:${Buffer.alloc(32).toString('base64')}`, /entry 1 \("k1"\) is nothing but zeros/],
  [`k1:${good},k1:${good}`, /entry 2 repeats the kid "k1"/],
])('%j is refused with the entry and how to make a good one', (text, problem) => {
  const parsed = parseRecordKeys(text)
  expect(parsed.ok).toBe(false)
  expect(!parsed.ok && parsed.problem).toMatch(problem)
  expect(!parsed.ok && parsed.problem).toContain('openssl rand -base64 32')
})

test('a problem never repeats the secret', () => {
  const parsed = parseRecordKeys('k1:c2VjcmV0LXRoYXQtaXMtdG9vLXNob3J0')
  expect(!parsed.ok && parsed.problem).not.toContain('c2VjcmV0')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../../../app/domain/event/canonical-json.ts'
import { moveOut, sizeOf } from '../../../../app/outbound/github/record/move-out.ts'
import { putBack } from '../../../../app/outbound/github/record/put-back.ts'
import { START } from './given.ts'

const finder = (parts: readonly { readonly digest: string; readonly text: string }[]) => {
  const byDigest = new Map(parts.map(({ digest, text }) => [digest, text]))
  return (digest: string) => byDigest.get(digest)
}

test('what fits is left alone', () => {
  const state = { title: 'small' }
  expect(moveOut(state, 1_000)).toEqual({ state, parts: [] })
})

test('long texts leave first, the longest before the others, and come back unchanged', () => {
  const state = { notes: ['a'.repeat(600), 'b'.repeat(5_000)], title: 'short' }
  const { state: small, parts } = moveOut(state, 1_500)
  expect(parts).toHaveLength(1)
  expect(small).toMatchObject({ notes: ['a'.repeat(600), { chars: 5_000 }] })
  expect(putBack(small, finder(parts))).toEqual({ ok: true, state })
})

test('a list of very many short items fits too', () => {
  const state = { notes: Array.from({ length: 2_005 }, (_, n) => ({ text: `note ${n}`, by: 'bob', at: n })) }
  const { state: small, parts } = moveOut(state, 20_000)
  expect(sizeOf(small)).toBeLessThan(20_000)
  expect(putBack(small, finder(parts))).toEqual({ ok: true, state })
})

test('a full list that loses its oldest item with every new one needs few new parts', () => {
  const item = (n: number) => ({ command: `npm test -- part-${n % 50}`, exitCode: 0, by: 'bob', at: START + n, n })
  const digests = new Set<string>()
  const turns = 300
  for (let turn = 0; turn < turns; turn += 1) {
    const evidence = Array.from({ length: 200 }, (_, n) => item(turn + n))
    for (const { digest } of moveOut({ evidence }, 12_000).parts) digests.add(digest)
  }
  expect(digests.size).toBeGreaterThan(0)
  expect(digests.size / turns).toBeLessThan(0.3)
})

test('items that go from the middle change the group that they were in, and no other', () => {
  const items = Array.from({ length: 400 }, (_, n) => ({ n, text: `note ${n} ${'x'.repeat(90)}` }))
  const digests = (notes: Json) => moveOut({ notes }, 14_000).parts.map(({ digest }) => digest)
  const before = digests(items)
  const after = digests(items.toSpliced(200, 1))
  expect(before.length).toBeGreaterThan(5)
  expect(after.filter((digest) => !before.includes(digest)).length).toBeLessThanOrEqual(2)
})

test('a missing or changed part is named, not guessed', () => {
  const { state, parts } = moveOut({ log: 'z'.repeat(9_000) }, 100)
  const digest = parts[0]?.digest ?? ''
  expect(putBack(state, () => undefined)).toEqual({ ok: false, missing: [digest] })
  expect(putBack(state, () => '"other"')).toEqual({ ok: false, missing: [digest] })
})

test('moving out and putting back is the identity', () => {
  const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ minLength: 500, maxLength: 900, unit: 'grapheme' }))
  const state = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.oneof(text, fc.array(text, { maxLength: 60 })))
  fc.assert(
    fc.property(state, fc.integer({ min: 0, max: 4_000 }), (value, room) => {
      const json = JSON.parse(canonicalJson(value)) as Json
      const { state: small, parts } = moveOut(json, room)
      expect(putBack(small, finder(parts))).toEqual({ ok: true, state: json })
    }),
    { numRuns: 100 },
  )
})

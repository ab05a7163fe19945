import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../../../app/domain/event/canonical-json.ts'
import { applyUndo, undoFrom } from '../../../../app/outbound/github/record/undo.ts'

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(canonicalJson(value)) as Json)

test('undoing leads back to the earlier value, whatever both were', () => {
  fc.assert(
    fc.property(json, json, (now, before) => {
      expect(canonicalJson(applyUndo(now, undoFrom(now, before)))).toBe(canonicalJson(before))
    }),
    { numRuns: 500 },
  )
})

test('the way back is small when a list has only grown', () => {
  const before = { notes: ['a'.repeat(500)], status: 'ready' }
  const now = { notes: [...before.notes, 'b'.repeat(500)], status: 'claimed' }
  expect(canonicalJson(undoFrom(now, before)).length).toBeLessThan(80)
})

/** How often what others keep changing is put back, and when it is left alone. */
import { expect, test } from 'vitest'
import {
  correct,
  heldUntil,
  leftAlone,
  MAX_CORRECTIONS,
  RECORD_GONE,
  release,
} from '../../../../app/outbound/github/replica/corrections.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOW = 1_700_000_000_000

interface Kept {
  readonly corrections: readonly { readonly field: string; readonly at: number }[]
  readonly held: readonly string[]
  readonly told?: readonly string[]
}
const NOTHING: Kept = { corrections: [], held: [] }

/** `field` is found changed at these times. */
const changed = (field: string, times: readonly number[], from: Kept = NOTHING): Kept =>
  times.reduce((base, at) => correct(base, field, at).base, from)

const minutes = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => NOW + n * MINUTE_MS)

test('three times an hour a field is put back; the fourth time it is given up, once', () => {
  const three = changed('record', minutes(3))
  expect(leftAlone(three, NOW + 2 * MINUTE_MS)).toEqual([])
  const fourth = correct(three, 'record', NOW + 3 * MINUTE_MS)
  expect(fourth.gaveUp).toBe(true)
  expect(leftAlone(fourth.base, NOW + 3 * MINUTE_MS)).toEqual(['record'])
  expect(heldUntil(fourth.base, NOW + 3 * MINUTE_MS)).toBe(NOW + 2 * MINUTE_MS + HOUR_MS)
  expect(correct(fourth.base, 'record', NOW + 4 * MINUTE_MS)).toEqual({ base: fourth.base, gaveUp: false })
})

test('a change of our own state is no correction: what is left alone is written with it', () => {
  const held = changed('record', minutes(4))
  expect(leftAlone(held, NOW + 4 * MINUTE_MS, true)).toEqual([])
  const gone = changed(RECORD_GONE, minutes(4))
  // What is gone comes back soon enough, and a create costs more than an edit.
  expect(leftAlone(gone, NOW + 3 * MINUTE_MS, true)).toEqual([RECORD_GONE])
})

test('when the hour is over the field is taken up again, which counts, and people are told anew should it go on', () => {
  const held = { ...changed('record', minutes(4)), told: ['record'] }
  const over = NOW + 2 * MINUTE_MS + HOUR_MS
  expect(release(held, over - 1)).toBe(held)
  const again = release(held, over)
  expect(again).toMatchObject({ held: [], told: [] })
  expect(leftAlone(changed('record', [over + 1, over + 2], again), over + 2)).toEqual([])
  expect(leftAlone(changed('record', [over + 1, over + 2, over + 3], again), over + 3)).toEqual(['record'])
})

test('what is gone is never given up for long: the wait doubles, up to ten minutes, and people are told once', () => {
  let base = changed(RECORD_GONE, [NOW, NOW, NOW])
  const waits: number[] = []
  const said: boolean[] = []
  let now = NOW
  for (let n = 0; n < 12; n += 1) {
    const { base: next, gaveUp } = correct(base, RECORD_GONE, now)
    base = release(next, now)
    said.push(gaveUp)
    const until = heldUntil(base, now) ?? expect.fail()
    waits.push((until - now) / MINUTE_MS)
    // It is made anew as soon as it may be, and deleted at once.
    now = until
    expect(leftAlone(base, now)).toEqual([])
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 10])
  expect(Math.max(...waits)).toBe(10)
  expect(said.filter(Boolean)).toHaveLength(1)
  expect(release(base, now + HOUR_MS).held).toEqual([])
})

test('edits and deletions are counted each for itself', () => {
  const edited = changed('record', minutes(MAX_CORRECTIONS))
  expect(leftAlone(changed(RECORD_GONE, [NOW + 3 * MINUTE_MS], edited), NOW + 3 * MINUTE_MS)).toEqual([])
})

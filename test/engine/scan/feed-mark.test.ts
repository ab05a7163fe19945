/** However the rows of a list change while it is read page by page, and however late each shows, none is passed over. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  afterPage,
  askOf,
  feedSince,
  OVERLAP_MS,
  unseenSince,
  type FeedMark,
} from '../../../app/engine/scan/feed-mark.ts'

const SECOND = 1000
const START = Date.UTC(2026, 0, 1)
const PAGE = 3

interface Row {
  readonly id: number
  readonly at: number
  /** How long replicas do not show it. */
  readonly lag: number
}

/** A list as GitHub answers it: rows that show by now and changed since then, oldest first. */
const answer = (rows: readonly Row[], { since, page }: { since: number; page: number }, now: number) => {
  const all = rows
    .filter(({ at, lag }) => at + lag <= now && at >= since)
    .toSorted((a, b) => a.at - b.at || a.id - b.id)
  const shown = all.slice((page - 1) * PAGE, page * PAGE)
  return { shown, isLast: all.length <= page * PAGE }
}

/** Reads one page; what it showed is noted as seen. */
const read = (mark: FeedMark, rows: readonly Row[], now: number, seen: Set<string>): FeedMark => {
  const { shown, isLast } = answer(rows, askOf(mark), now)
  for (const { id, at } of shown) if (at >= unseenSince(mark)) seen.add(`${id}@${at}`)
  const changed = shown.map(({ at }) => at)
  return afterPage(mark, changed, { isLast, etag: 'e', now })
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      id: fc.nat({ max: 8 }),
      lag: fc.nat({ max: OVERLAP_MS / SECOND - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat({ max: 1000 }) }) },
)

test('whatever changes while pages are read, every row is seen as it stands in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const rows = new Map<number, Row>()
      const seen = new Set<string>()
      let now = START
      let mark = feedSince(START)
      for (const one of steps) {
        now += SECOND
        if (one.kind === 'change') rows.set(one.id, { id: one.id, at: now, lag: one.lag * SECOND })
        else if (one.kind === 'wait') now += one.seconds * SECOND
        else mark = read(mark, [...rows.values()], now, seen)
      }
      now += OVERLAP_MS
      do mark = read(mark, [...rows.values()], now, seen)
      while (mark.walk !== null)
      mark = read(mark, [...rows.values()], now, seen)
      while (mark.walk !== null) mark = read(mark, [...rows.values()], now, seen)
      expect([...rows.values()].filter(({ id, at }) => !seen.has(`${id}@${at}`))).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test('a row that showed only after its page was read is found, however long the walk then took', () => {
  const row = (id: number, second: number, lag = 0) => ({ id, at: START + second * SECOND, lag })
  const late = row(9, 10, OVERLAP_MS - 1)
  const rows = [row(1, 1), row(2, 2), row(3, 3), late, row(4, 11), row(5, 12), row(6, 13), row(7, 14)]
  const seen = new Set<string>()
  let mark = feedSince(START)
  for (let page = 0; page < 2; page += 1) mark = read(mark, rows, START + 20 * SECOND, seen)
  expect(mark.walk).not.toBeNull()
  rows.push(row(8, 5000))
  for (let page = 0; page < 10; page += 1) mark = read(mark, rows, START + 6000 * SECOND, seen)
  expect(mark.walk).toBeNull()
  expect(seen).toContain(`${late.id}@${late.at}`)
})

test('more rows of one second than a page holds are read by pages', () => {
  const rows = Array.from({ length: 20 }, (_, id) => ({ id, at: START + SECOND * (id < 17 ? 5 : 6), lag: 0 }))
  const seen = new Set<string>()
  let mark = feedSince(START)
  let pages = 0
  do {
    mark = read(mark, rows, START + 60 * SECOND, seen)
    pages += 1
  } while (mark.walk !== null)
  expect(seen.size).toBe(20)
  expect(pages).toBeLessThanOrEqual(9)
})

describe('the ETag', () => {
  const quiet = feedSince(START)
  const same = { isLast: true, etag: 'e1', now: START + 1 }

  it('is kept while the next question is the same', () => {
    const once = afterPage(quiet, [START], same)
    expect(askOf(once)).toEqual({ since: START - OVERLAP_MS, page: 1, etag: 'e1' })
  })

  it('is forgotten when something new moves the question', () => {
    const moved = afterPage(quiet, [START, START + SECOND], { ...same, now: START + 2 * SECOND })
    expect(askOf(moved)).toEqual({ since: START + SECOND - OVERLAP_MS, page: 1, etag: null })
  })

  it('is not that of one page among several', () => {
    const walking = afterPage(quiet, [START, START + SECOND], { ...same, isLast: false })
    expect(askOf(walking).etag).toBeNull()
    expect(afterPage(walking, [], same).etag).toBeNull()
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GENESIS_HASH } from '../../../../app/domain/event/hash-chain.ts'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import { compareHeads, type LogHead, type RecordHead } from '../../../../app/outbound/github/restore/compare-heads.ts'
import { STREAM, chain, created, note } from '../record/given.ts'

const chainOf = (length: number, word = 'n'): StoredEvent[] =>
  chain(
    STREAM,
    Array.from({ length }, (_, n) => (n === 0 ? created() : note(`${word}${n}`))),
  )
const LIFE = chainOf(12)
const fork = (at: number, length: number): StoredEvent[] =>
  chain(
    STREAM,
    Array.from({ length: length - at }, (_, n) => note(`other ${n}`)),
    LIFE.slice(0, at),
  )

const logAt = (events: readonly StoredEvent[], epoch = 1): LogHead => ({
  version: events.at(-1)?.version ?? 0,
  head: events.at(-1)?.hash ?? GENESIS_HASH,
  events,
  epoch,
})

/** A record that shows the newest `shown` events only. */
const recordAt = (events: readonly StoredEvent[], shown = events.length, epoch = 1): RecordHead => {
  const older = events.slice(0, events.length - shown)
  const last = older.at(-1)
  return {
    rev: events.at(-1)?.version ?? 0,
    head: events.at(-1)?.hash ?? GENESIS_HASH,
    epoch,
    base: last === undefined ? null : { version: last.version, head: last.hash },
    events: events.slice(events.length - shown),
  }
}
const markAt = (events: readonly StoredEvent[]) => {
  const { rev, head } = recordAt(events)
  return { rev, head }
}

test('on one chain the further one wins, and nothing further is overwritten', () => {
  const length = fc.integer({ min: 1, max: 12 })
  fc.assert(
    fc.property(length, length, length, (logged, recorded, shown) => {
      const record = recordAt(LIFE.slice(0, recorded), Math.min(shown, recorded))
      const { verdict } = compareHeads(logAt(LIFE.slice(0, logged)), record, null)
      expect(verdict).toBe(logged > recorded ? 'write' : logged < recorded ? 'import' : 'same')
    }),
  )
})

test('two histories are a fork wherever they part, however long they are, when their common past can be seen', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      (at, ours, theirs) => {
        const log = logAt(
          chain(
            STREAM,
            Array.from({ length: ours }, (_, n) => note(`mine ${n}`)),
            LIFE.slice(0, at),
          ),
        )
        expect(compareHeads(log, recordAt(fork(at, at + theirs)), null).verdict).toBe('forked')
      },
    ),
  )
})

test('an older backup gets what it missed, also when GitHub no longer shows all of it', () => {
  const backup = logAt(LIFE.slice(0, 3))
  expect(compareHeads(backup, recordAt(LIFE), markAt(LIFE))).toEqual({ verdict: 'import', gap: false })
  expect(compareHeads(backup, recordAt(LIFE, 9), markAt(LIFE))).toEqual({ verdict: 'import', gap: false })
  expect(compareHeads(backup, recordAt(LIFE, 8), markAt(LIFE))).toEqual({ verdict: 'import', gap: true })
  expect(compareHeads(backup, recordAt(LIFE, 0), markAt(LIFE))).toEqual({ verdict: 'import', gap: true })
})

test('an empty log imports, a task that GitHub never saw is written', () => {
  expect(compareHeads(logAt([], 0), recordAt(LIFE, 2), null)).toEqual({ verdict: 'import', gap: false })
  expect(compareHeads(logAt(LIFE), null, null)).toEqual({ verdict: 'write' })
})

test('a log that another Muster has overtaken writes nothing, even when it is longer', () => {
  expect(compareHeads(logAt(LIFE), recordAt(LIFE.slice(0, 3), 3, 2), null)).toEqual({
    verdict: 'newer-epoch',
    epoch: 2,
  })
  expect(compareHeads(logAt(LIFE, 2), recordAt(LIFE.slice(0, 3), 3, 1), null).verdict).toBe('write')
})

test('a rolled-back or deleted record is repaired by a log that has what the ledger saw', () => {
  const log = logAt(LIFE)
  expect(compareHeads(log, recordAt(LIFE.slice(0, 4)), markAt(LIFE.slice(0, 9))).verdict).toBe('write')
  expect(compareHeads(log, null, markAt(LIFE.slice(0, 9))).verdict).toBe('write')
})

test('a rolled-back or deleted record is set apart when the log does not have it either', () => {
  const log = logAt(LIFE.slice(0, 5))
  expect(compareHeads(log, recordAt(LIFE.slice(0, 4)), markAt(LIFE))).toEqual({
    verdict: 'forked',
    reason: 'the ledger has seen revision 12, its record stands at 4, and the log ends at 5',
  })
  expect(compareHeads(log, null, markAt(LIFE)).verdict).toBe('forked')
  expect(compareHeads(logAt(fork(2, 12)), null, markAt(LIFE.slice(0, 9))).verdict).toBe('forked')
})

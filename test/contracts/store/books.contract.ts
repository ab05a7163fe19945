/** Books: added to with the streams, held against limits where they are written, recomputed from the streams. */
import { describe, expect, it } from 'vitest'
import type { Book } from '../../../app/domain/budget/books.ts'
import type { BookLimit } from '../../../app/domain/budget/limits.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { AppendResult, Store } from '../../../app/engine/ports.ts'
import { change, fold, makeWrite } from '../history.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const SCOPE = 'project/1'
const DAY = '2026-11-30'

const book = (reserved: number, spent = 0, over: Partial<Book> = {}): Book => ({
  scope: SCOPE,
  period: DAY,
  reserved: { microUsd: reserved, tokens: 0 },
  spent: { microUsd: spent, tokens: 2 * spent },
  warned: 0,
  ...over,
})

const limit = (microUsd: number | null, tokens: number | null = null): readonly BookLimit[] => [
  { scope: SCOPE, period: DAY, microUsd, tokens },
]

const task = (n: number): StreamId => `task/1/${n}`

const rowOf = async (store: Store): Promise<Book | undefined> => (await store.books.read([SCOPE], [DAY]))[0]

const answers = (results: readonly AppendResult[]) => {
  const all = results.map((result) => (result.ok ? 'ok' : result.conflict))
  return { ok: all.filter((one) => one === 'ok').length, limit: all.filter((one) => one === 'limit').length }
}

export const booksContract = (make: MakeHarness): void => {
  describe('books', () => {
    const use = useStore(make)

    it('hold the sum of what the streams stand for, whichever way they change', async () => {
      const { store } = await use()
      await change(store, task(1), 'c1', [{ books: [book(5), book(1, 0, { scope: 'task/1/1', period: 'total' })] }])
      await change(store, task(2), 'c2', [{ books: [book(7)] }])
      await change(store, task(1), 'c3', [{ books: [book(0, 3)] }])
      await change(store, task(1), 'c4', [{ note: 'the books stay' }])
      expect(await rowOf(store)).toEqual(book(7, 3))
      expect(await store.books.read(['task/1/1', SCOPE], ['total'])).toEqual([])
      expect(await store.books.read([], [DAY])).toEqual([])
    })

    it('know which part of them is a stream’s', async () => {
      const { store } = await use()
      await change(store, task(1), 'c1', [{ books: [book(5)] }])
      await change(store, task(2), 'c2', [{ books: [book(7)] }])
      expect(await store.books.partOf(task(2))).toEqual([book(7)])
      expect(await store.books.partOf(task(3))).toEqual([])
    })

    it('refuse what would pass a limit, with everything that was written beside it', async () => {
      const { store } = await use()
      await change(store, task(1), 'c1', [{ books: [book(4, 3)] }])
      const over = await change(store, task(2), 'c2', [{ books: [book(4)] }], { limits: limit(10) })
      expect(over).toEqual({ ok: false, conflict: 'limit' })
      expect((await store.log.load(task(2))).version).toBe(0)
      expect(await store.log.findOutcome('c2')).toBeNull()
      expect(await rowOf(store)).toEqual(book(4, 3))
      expect(await change(store, task(2), 'c3', [{ books: [book(3)] }], { limits: limit(10) })).toEqual({ ok: true })
      expect(await change(store, task(3), 'c4', [{ books: [book(0, 1)] }], { limits: limit(null, 7) })).toEqual({
        ok: false,
        conflict: 'limit',
      })
    })

    it('take what was really spent above any limit', async () => {
      const { store } = await use()
      await change(store, task(1), 'c1', [{ books: [book(5)] }], { limits: limit(5) })
      expect(await change(store, task(1), 'c2', [{ books: [book(0, 9)] }])).toEqual({ ok: true })
      expect(await rowOf(store)).toEqual(book(0, 9))
      const more = await change(store, task(2), 'c3', [{ books: [book(1)] }], { limits: limit(5) })
      expect(more).toEqual({ ok: false, conflict: 'limit' })
    })

    it('let no two warnings of one scope and period stand', async () => {
      const { store } = await use()
      expect(await change(store, task(1), 'c1', [{ books: [book(1, 0, { warned: 1 })] }])).toEqual({ ok: true })
      const second = await change(store, task(2), 'c2', [{ books: [book(1, 0, { warned: 1 })] }])
      expect(second).toEqual({ ok: false, conflict: 'limit' })
    })

    it('reach a threshold only with a warning, which whoever raced for it then gives', async () => {
      const { store } = await use()
      const thresholds = limit(8)
      await change(store, task(1), 'c1', [{ books: [book(7)] }], { thresholds })
      const silent = await change(store, task(2), 'c2', [{ books: [book(1)] }], { thresholds })
      expect(silent).toEqual({ ok: false, conflict: 'limit' })
      const told = await change(store, task(2), 'c2', [{ books: [book(1, 0, { warned: 1 })] }], { thresholds })
      expect(told).toEqual({ ok: true })
      expect(await change(store, task(3), 'c3', [{ books: [book(1)] }], { thresholds })).toEqual({ ok: true })
      expect(await change(store, task(1), 'c4', [{ books: [book(0, 6)] }], { thresholds })).toEqual({ ok: true })
    })

    it('grant to many that race exactly what fits', async () => {
      const { harness } = await use()
      const stores = await Promise.all(Array.from({ length: 4 }, () => harness.open()))
      const results = await Promise.all(
        Array.from({ length: 24 }, (_, n) => {
          const books = [book(3), book(3, 0, { scope: `agent/1/a${n % 3}` }), book(3, 0, { scope: 'workspace/1' })]
          return change(stores[n % 4] as Store, task(n + 1), `c${n}`, [{ books }], { limits: limit(20) })
        }),
      )
      expect(answers(results)).toEqual({ ok: 6, limit: 18 })
      expect(await rowOf(stores[0] as Store)).toEqual(book(18))
    })

    it('are recomputed from the streams', async () => {
      const { store, harness } = await use()
      await change(store, task(1), 'c1', [{ books: [book(5)] }])
      await change(store, task(2), 'c2', [{ books: [book(0, 2)] }])
      const dump = await store.projections.dump()
      expect(await store.log.rebuild(fold)).toBe(0)
      await harness.run(`update books set reserved_micro_usd = 99, warned = 1`)
      await harness.run(`insert into books values ('project/9', 'total', 1, 0, 0, 0, 0)`)
      await harness.run(`update streams set books = '[]' where stream = 'task/1/2'`)
      expect(await store.log.rebuild(fold)).toBe(3)
      expect(await store.projections.dump()).toBe(dump)
      expect(await rowOf(store)).toEqual(book(5, 2))
    })

    it('come back with an imported stream, once, above a limit too', async () => {
      const { store } = await use()
      const first = makeWrite(task(1), await store.log.load(task(1)), 'c1', [{ books: [book(5)] }])
      const imported = {
        stream: task(1),
        base: null,
        events: first.events,
        state: first.state,
        index: first.index,
        leases: [],
      }
      expect(await store.log.importStream(imported)).toBe(true)
      expect(await store.log.importStream(imported)).toBe(true)
      expect(await rowOf(store)).toEqual(book(5))
    })

    it('name what the project’s newest costs were', async () => {
      const { store } = await use()
      const cost = (at: number, microUsd: number | null) => ({ at, microUsd, tokens: null })
      for (const n of [1, 2, 3]) await change(store, task(n), `c${n}`, [{ lastCost: cost(10 * n, n) }])
      await change(store, task(4), 'c4', [{ lastCost: null }])
      await change(store, 'task/2/1', 'c5', [{ lastCost: cost(99, 99) }])
      expect(await store.books.lastCosts('project/1', 2)).toEqual([cost(30, 3), cost(20, 2)])
    })
  })
}

/** The inbox: durable and unique by id, one at a time and in order within a queue, claims that run out, poison set aside. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Delivery, Inbox } from '../../../app/engine/ports.ts'
import { FIRST_MOMENT, type MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const HOLD_MS = 30_000

const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({
  id,
  name: 'issue_comment',
  queue: null,
  order: 0,
  body: `{"id":"${id}"}`,
  receivedAt: FIRST_MOMENT,
  notBefore: FIRST_MOMENT,
  ...more,
})

const takeIds = async (inbox: Inbox, limit = 10): Promise<readonly string[]> =>
  (await inbox.take(limit, HOLD_MS)).map((item) => item.id)

export const inboxContract = (make: MakeHarness): void => {
  describe('inbox', () => {
    const use = useStore(make)

    it('keeps each delivery once and tells which were new', async () => {
      const { store } = await use()
      expect(await store.inbox.put([delivery('a'), delivery('b')])).toEqual(['a', 'b'])
      expect(await store.inbox.put([delivery('b', { body: 'other' }), delivery('c'), delivery('c')])).toEqual(['c'])
      expect(await store.inbox.put([])).toEqual([])
      expect(await store.inbox.pending()).toBe(3)
      const items = await store.inbox.take(10, HOLD_MS)
      expect(items).toEqual([
        { ...delivery('a'), tries: 1 },
        { ...delivery('b'), tries: 1 },
        { ...delivery('c'), tries: 1 },
      ])
    })

    it('counts what waits, of one name or of all', async () => {
      const { store } = await use()
      await store.inbox.put([delivery('a'), delivery('b', { name: 'other' }), delivery('c', { name: 'other' })])
      await store.inbox.done('c')
      expect([
        await store.inbox.pending(),
        await store.inbox.pending('other'),
        await store.inbox.pending('none'),
      ]).toEqual([2, 1, 0])
    })

    it('tells one of many simultaneous puts of one id that it was new', async () => {
      const { store, harness } = await use()
      const second = await harness.open()
      const puts = Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? store : second).inbox.put([delivery('same'), delivery(`own-${n}`)]),
      )
      const fresh = (await Promise.all(puts)).flat()
      expect(fresh.filter((id) => id === 'same')).toHaveLength(1)
      expect(fresh).toHaveLength(41)
      expect(await store.inbox.pending()).toBe(41)
    })

    it('keeps back what has an order while more may come before it, and nothing else', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('late', { queue: 'q', order: 2 }), delivery('label', { queue: 'p' })])
      expect(await store.inbox.take(5, HOLD_MS, 3000)).toMatchObject([{ id: 'label' }])
      await harness.advance(2999)
      await store.inbox.put([delivery('early', { queue: 'q', order: 1 })])
      expect(await store.inbox.take(5, HOLD_MS, 3000)).toEqual([])
      await harness.advance(1)
      expect(await store.inbox.take(5, HOLD_MS, 3000)).toMatchObject([{ id: 'early' }])
    })

    it('remembers the id of a finished delivery until it is swept', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('a'), delivery('b')])
      await store.inbox.done('a')
      expect(await store.inbox.put([delivery('a')])).toEqual([])
      expect(await takeIds(store.inbox)).toEqual(['b'])
      await harness.advance(1000)
      expect(await store.inbox.sweep(harness.now())).toBe(1)
      expect(await store.inbox.sweep(harness.now())).toBe(0)
      expect(await store.inbox.put([delivery('a')])).toEqual(['a'])
    })

    it('hands out nothing before its time', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('a', { notBefore: harness.now() + 500 })])
      await harness.advance(499)
      expect(await takeIds(store.inbox)).toEqual([])
      await harness.advance(1)
      expect(await takeIds(store.inbox)).toEqual(['a'])
    })

    it('works on one of a queue at a time, in order, and on many queues at once', async () => {
      const { store } = await use()
      await store.inbox.put([
        delivery('q1-late', { queue: 'q1', order: 30 }),
        delivery('q2-only', { queue: 'q2', order: 5 }),
        delivery('q1-early', { queue: 'q1', order: 10 }),
        delivery('q1-twin', { queue: 'q1', order: 10 }),
        delivery('free-1'),
        delivery('free-2'),
      ])
      expect([...(await takeIds(store.inbox))].sort()).toEqual(['free-1', 'free-2', 'q1-early', 'q2-only'])
      expect(await takeIds(store.inbox)).toEqual([])
      await store.inbox.done('q1-early')
      expect(await takeIds(store.inbox)).toEqual(['q1-twin'])
      await store.inbox.done('q1-twin')
      expect(await takeIds(store.inbox)).toEqual(['q1-late'])
    })

    it('keeps a queue waiting for its first delivery, even when a later one is due sooner', async () => {
      const { store, harness } = await use()
      await store.inbox.put([
        delivery('second', { queue: 'q', order: 2 }),
        delivery('first', { queue: 'q', order: 1, notBefore: harness.now() + 100 }),
      ])
      expect(await takeIds(store.inbox)).toEqual([])
      await harness.advance(100)
      expect(await takeIds(store.inbox)).toEqual(['first'])
    })

    it('takes no more than asked for', async () => {
      const { store } = await use()
      await store.inbox.put(Array.from({ length: 7 }, (_, n) => delivery(`d${n}`)))
      expect(await takeIds(store.inbox, 3)).toEqual(['d0', 'd1', 'd2'])
      expect(await takeIds(store.inbox, 9)).toHaveLength(4)
    })

    it('hands a delivery out again when its claim has run out', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('a', { queue: 'q' }), delivery('b', { queue: 'q' })])
      expect(await store.inbox.take(5, HOLD_MS)).toMatchObject([{ id: 'a', tries: 1 }])
      await harness.advance(HOLD_MS - 1)
      expect(await takeIds(store.inbox)).toEqual([])
      await harness.advance(1)
      expect(await store.inbox.take(5, HOLD_MS)).toMatchObject([{ id: 'a', tries: 2 }])
    })

    it('tries again later, before what comes after it in the queue', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('a', { queue: 'q' }), delivery('b', { queue: 'q' })])
      await takeIds(store.inbox)
      await store.inbox.retryLater('a', 'GitHub answered 502', harness.now() + 1000)
      expect(await takeIds(store.inbox)).toEqual([])
      await harness.advance(1000)
      expect(await store.inbox.take(5, HOLD_MS)).toMatchObject([{ id: 'a', tries: 2 }])
    })

    it('sets poison aside, keeps it, and lets its queue go on', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('bad', { queue: 'q' }), delivery('good', { queue: 'q' })])
      await takeIds(store.inbox)
      await store.inbox.setAside('bad', 'fails every time')
      expect(await store.inbox.pending()).toBe(1)
      expect(await takeIds(store.inbox)).toEqual(['good'])
      await harness.advance(10 * HOLD_MS)
      await store.inbox.done('good')
      await harness.advance(1)
      expect(await store.inbox.sweep(harness.now())).toBe(1)
      expect(await store.inbox.put([delivery('bad')])).toEqual([])
      expect(await takeIds(store.inbox)).toEqual([])
    })

    it('counts what was set aside, and puts it back to waiting with its reason, as if it were new', async () => {
      const { store, harness } = await use()
      await store.inbox.put([delivery('first', { queue: 'q' }), delivery('second'), delivery('third')])
      await takeIds(store.inbox)
      await store.inbox.setAside('first', 'the one reason')
      await store.inbox.setAside('second', 'the other')
      await store.inbox.done('third')
      expect(await store.inbox.setAsideCount()).toBe(2)
      await harness.advance(1000)
      expect(await store.inbox.replay()).toEqual([
        { id: 'first', name: 'issue_comment', reason: 'the one reason' },
        { id: 'second', name: 'issue_comment', reason: 'the other' },
      ])
      expect(await store.inbox.setAsideCount()).toBe(0)
      expect(await store.inbox.pending()).toBe(2)
      const again = await store.inbox.take(5, HOLD_MS)
      expect(again.map(({ id, tries, body }) => ({ id, tries, body }))).toEqual([
        { id: 'first', tries: 1, body: '{"id":"first"}' },
        { id: 'second', tries: 1, body: '{"id":"second"}' },
      ])
      expect(await store.inbox.replay()).toEqual([])
    })

    it('gives each delivery to one of many takers', async () => {
      const { store, harness } = await use()
      const takers = [store, await harness.open(), await harness.open()]
      await store.inbox.put(
        Array.from({ length: 60 }, (_, n) => delivery(`d${n}`, { queue: n % 2 === 0 ? null : `q${n % 5}` })),
      )
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, n) => takeIds(takers[n % 3]?.inbox ?? store.inbox)),
      )
      const ids = taken.flat()
      expect(new Set(ids).size).toBe(ids.length)
      // All 30 without a queue, and one of each of the 5 queues.
      expect(ids).toHaveLength(35)
    })

    it('never works twice on one queue, while earlier deliveries keep arriving and many take', async () => {
      const { store, harness } = await use()
      const takers = [store, await harness.open(), await harness.open(), await harness.open()]
      const COUNT = 60
      const working = new Set<string | null>()
      let twice = 0
      let finished = 0
      const put = async (): Promise<void> => {
        // Each sorts before all that came earlier, so that it may overtake one that is just being claimed.
        for (let n = 0; n < COUNT; n++) {
          await store.inbox.put([delivery(`d${n}`, { queue: `q${n % 2}`, order: COUNT - n })])
        }
      }
      const work = async (inbox: Inbox): Promise<void> => {
        for (let turn = 0; finished < COUNT && turn < 5000; turn++) {
          // The embedded store answers without a turn of the event loop; without this nothing else would come to run.
          await new Promise((resolve) => setImmediate(resolve))
          for (const item of await inbox.take(2, HOLD_MS)) {
            if (working.has(item.queue)) twice += 1
            working.add(item.queue)
            await new Promise((resolve) => setImmediate(resolve))
            working.delete(item.queue)
            await inbox.done(item.id)
            finished += 1
          }
        }
      }
      await Promise.all([put(), ...takers.map((taker) => work(taker.inbox))])
      expect(twice).toBe(0)
      expect(await store.inbox.pending()).toBe(0)
    })

    it('keeps order within every queue under any interleaving of puts, takes, ends, failures and crashes', async () => {
      const { store, harness } = await use()
      let run = 0
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), queue: fc.nat(2), order: fc.nat(3) }) },
        {
          weight: 3,
          arbitrary: fc.record({ do: fc.constant('take' as const), limit: fc.integer({ min: 1, max: 4 }) }),
        },
        { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('done', 'fail', 'aside'), which: fc.nat(5) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
          run += 1
          const waiting: { id: string; queue: string; order: number; seq: number }[] = []
          const working = new Map<string, string>()
          for (const [seq, now] of steps.entries()) {
            if (now.do === 'put') {
              const put = { id: `${run}-${seq}`, queue: `${run}-${now.queue}`, order: now.order, seq }
              await store.inbox.put([delivery(put.id, { queue: put.queue, order: put.order })])
              waiting.push(put)
            } else if (now.do === 'take') {
              const items = await store.inbox.take(now.limit, HOLD_MS)
              const free = new Set(waiting.map((item) => item.queue).filter((queue) => !working.has(queue)))
              expect(items).toHaveLength(Math.min(now.limit, free.size))
              for (const item of items) {
                const queue = item.queue ?? ''
                const heads = waiting.filter((other) => other.queue === queue)
                const first = heads.sort((a, b) => a.order - b.order || a.seq - b.seq)[0]
                expect(working.has(queue)).toBe(false)
                expect(item.id).toBe(first?.id)
                working.set(queue, item.id)
              }
            } else if (now.do === 'crash') {
              await harness.advance(HOLD_MS)
              working.clear()
            } else {
              const [queue, id] = [...working][now.which] ?? []
              if (queue === undefined || id === undefined) continue
              working.delete(queue)
              if (now.do === 'fail') await store.inbox.retryLater(id, 'again', harness.now())
              else {
                if (now.do === 'done') await store.inbox.done(id)
                else await store.inbox.setAside(id, 'poison')
                waiting.splice(
                  waiting.findIndex((item) => item.id === id),
                  1,
                )
              }
            }
          }
          expect(await store.inbox.pending()).toBe(waiting.length)
          for (const item of waiting) await store.inbox.done(item.id)
        }),
        { numRuns: 40 },
      )
    })
  })
}

/** Queues and claims of the outbox: one thing is worked on by one at a time, whoever takes, and a claim that is over changes nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outbox, OutboxItem, OutboxTaken, Store } from '../../../app/engine/ports.ts'
import { MIGRATIONS, migrate } from '../../../app/store/migrations/migrate.ts'
import { FIRST_MOMENT, type MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const HOLD_MS = 30_000

const item = (key: string, queue: string | null, more: Partial<OutboxItem> = {}): OutboxItem => ({
  key,
  kind: 'apply',
  queue,
  payload: { key },
  dueAt: FIRST_MOMENT,
  lane: 'result',
  ...more,
})

const takeOne = async (outbox: Outbox): Promise<OutboxTaken> => {
  const [taken, ...more] = await outbox.take(10, HOLD_MS)
  if (taken === undefined || more.length > 0) throw new Error(`${taken === undefined ? 0 : more.length + 1} were taken`)
  return taken
}
const keysOf = (taken: readonly OutboxTaken[]): readonly string[] => taken.map(({ key }) => key)

export const outboxQueuesContract = (make: MakeHarness): void => {
  describe('queues of the outbox', () => {
    const use = useStore(make)

    it('hands out one item of a queue at a time, the most urgent first', async () => {
      const { store } = await use()
      const { outbox } = store
      await outbox.put([
        item('look', 'a', { lane: 'cosmetic' }),
        item('write', 'a', { dueAt: FIRST_MOMENT - 1 }),
        item('other', 'b'),
        item('free', null),
        item('free too', null),
      ])
      const taken = await outbox.take(10, HOLD_MS)
      expect(keysOf(taken)).toEqual(['write', 'free', 'free too', 'other'])
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
      const [write] = taken
      await outbox.done('write', write?.claim ?? '')
      expect(await takeOne(outbox)).toMatchObject({ key: 'look', queue: 'a' })
    })

    it('does not make a queue wait for what is not due, or failed', async () => {
      const { store, harness } = await use()
      const { outbox } = store
      await outbox.put([item('first', 'a', { lane: 'command' }), item('second', 'a')])
      const first = await takeOne(outbox)
      await outbox.retryLater('first', first.claim, harness.now() + 5000, 'GitHub answered 502')
      expect(await takeOne(outbox)).toMatchObject({ key: 'second' })
      await harness.advance(5000)
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
    })

    it('gives the queue of a dead holder to the next when its claim has run out', async () => {
      const { store, harness } = await use()
      const { outbox } = store
      await outbox.put([item('write', 'a')])
      await takeOne(outbox)
      await outbox.put([item('look', 'a', { lane: 'command' })])
      await harness.advance(HOLD_MS - 1)
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
      await harness.advance(1)
      expect(await takeOne(outbox)).toMatchObject({ key: 'look' })
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
    })

    it('holds a claim that is renewed in time, and none that has run out', async () => {
      const { store, harness } = await use()
      const { outbox } = store
      await outbox.put([item('write', 'a'), item('look', 'a', { lane: 'cosmetic' })])
      const write = await takeOne(outbox)
      await harness.advance(HOLD_MS - 1)
      expect(await outbox.renew('write', write.claim, HOLD_MS)).toBe(true)
      await harness.advance(HOLD_MS - 1)
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
      await harness.advance(1)
      expect(await outbox.renew('write', write.claim, HOLD_MS)).toBe(false)
      const again = await takeOne(outbox)
      expect(again).toMatchObject({ key: 'write', tries: 2 })
      expect(await outbox.renew('write', write.claim, HOLD_MS)).toBe(false)
    })

    it('lets a claim that is over neither end nor free the work of the one after it', async () => {
      const { store, harness } = await use()
      const { outbox } = store
      await outbox.put([item('write', 'a')])
      const slow = await takeOne(outbox)
      await harness.advance(HOLD_MS)
      const next = await takeOne(outbox)
      await outbox.put([item('look', 'a')])
      await outbox.retryLater('write', slow.claim, harness.now(), 'too slow')
      await outbox.done('write', slow.claim)
      expect(await outbox.take(10, HOLD_MS)).toEqual([])
      expect((await outbox.pending()).count).toBe(2)
      await outbox.done('write', next.claim)
      expect(await takeOne(outbox)).toMatchObject({ key: 'look' })
    })

    it('does not take an item for one of the same name that was done before', async () => {
      const { store, harness } = await use()
      const { outbox } = store
      await outbox.put([item('write', 'a', { payload: 'first' })])
      const slow = await takeOne(outbox)
      await harness.advance(HOLD_MS)
      const next = await takeOne(outbox)
      await outbox.done('write', next.claim)
      await outbox.put([item('write', 'a', { payload: 'second' })])
      const second = await takeOne(outbox)
      await outbox.done('write', slow.claim)
      expect(await outbox.pending()).toMatchObject({ count: 1 })
      await outbox.retryLater('write', second.claim, harness.now(), 'GitHub answered 502')
      expect(await takeOne(outbox)).toMatchObject({ payload: 'second' })
    })

    it('never has two of a queue worked on at once, with many takers who renew and end as they like', async () => {
      const { store, harness } = await use()
      const takers: readonly Store[] = [store, await harness.open(), await harness.open()]
      const queues = ['a', 'b', 'c']
      const kinds = ['write', 'look', 'third']
      const working = new Map<string, number>()
      let done = 0
      const work = async (taker: Store): Promise<void> => {
        for (let idle = 0; idle < 3;) {
          const taken = await taker.outbox.take(2, HOLD_MS)
          idle = taken.length === 0 ? idle + 1 : 0
          for (const { queue } of taken) working.set(queue ?? '', (working.get(queue ?? '') ?? 0) + 1)
          expect([...working.values()].every((count) => count <= 1)).toBe(true)
          for (const { key, queue, claim } of taken) {
            expect(await taker.outbox.renew(key, claim, HOLD_MS)).toBe(true)
            working.set(queue ?? '', (working.get(queue ?? '') ?? 0) - 1)
            await taker.outbox.done(key, claim)
            done++
          }
        }
      }
      const items = queues.flatMap((queue) => kinds.map((kind) => item(`${kind} ${queue}`, queue)))
      for (let round = 0; round < 4; round++) {
        await store.outbox.put(items)
        await Promise.all([...takers, ...takers].map(work))
      }
      expect(done).toBe(4 * items.length)
      expect((await store.outbox.pending()).count).toBe(0)
    })

    it('puts what an older version left behind into its queue', async () => {
      const harness = await make()
      try {
        const database = await harness.openDatabase()
        await migrate(database, MIGRATIONS.slice(0, 1))
        const row = `'{}', 0, 1, 1, 0, 0, 0, null`
        await harness.run(`insert into outbox values ('look-at-task:task/1/2', 'look-at-task', ${row}),
          ('reconcile-task:task/1/2', 'reconcile-task', ${row}), ('answer:x', 'answer', ${row})`)
        const { outbox } = await harness.open()
        const taken = await outbox.take(10, HOLD_MS)
        expect(taken.map(({ key, queue }) => [key, queue])).toEqual([
          ['answer:x', null],
          ['look-at-task:task/1/2', 'task/1/2'],
        ])
      } finally {
        await harness.close()
      }
    })

    it('does all work in the end, whatever puts, takes, ends, failures and crashes come between', async () => {
      const { store, harness } = await use()
      const step = fc.record({
        do: fc.constantFrom('put' as const, 'put' as const, 'take' as const, 'done' as const, 'fail' as const, 'crash'),
        key: fc.nat(3),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
          const working: OutboxTaken[] = []
          const take = async (): Promise<void> => {
            const taken = await store.outbox.take(3, HOLD_MS)
            working.push(...taken)
            const busy = working.map(({ queue }) => queue)
            expect(new Set(busy).size).toBe(busy.length)
          }
          for (const { do: now, key } of steps) {
            if (now === 'put') await store.outbox.put([item(`k${key}`, `q${key % 2}`, { dueAt: harness.now() })])
            else if (now === 'take') await take()
            else if (now === 'crash') {
              working.splice(0)
              await harness.advance(HOLD_MS)
            } else {
              const [taken] = working.splice(key, 1)
              if (taken === undefined) continue
              if (now === 'done') await store.outbox.done(taken.key, taken.claim)
              else await store.outbox.retryLater(taken.key, taken.claim, harness.now(), 'again')
            }
          }
          for (let left = 1; left > 0;) {
            for (const { key, claim } of working.splice(0)) await store.outbox.done(key, claim)
            await take()
            left = working.length + (await store.outbox.pending()).count
          }
        }),
        { numRuns: 40 },
      )
    })
  })
}

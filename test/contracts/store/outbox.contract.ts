/** The outbox: items coalesce on their key, urgent lanes go first, and newer work is never lost to an older one's end. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outbox, OutboxItem, OutboxTaken } from '../../../app/engine/ports.ts'
import { change } from '../history.ts'
import { FIRST_MOMENT, type MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const HOLD_MS = 30_000

const item = (key: string, more: Partial<OutboxItem> = {}): OutboxItem => ({
  key,
  kind: 'apply',
  queue: null,
  payload: { key },
  dueAt: FIRST_MOMENT,
  lane: 'result',
  ...more,
})

const claimOf = (taken: OutboxTaken | undefined): string => {
  if (taken === undefined) throw new Error('nothing was taken')
  return taken.claim
}

const takeKeys = async (outbox: Outbox, limit = 10): Promise<readonly string[]> =>
  (await outbox.take(limit, HOLD_MS)).map((taken) => taken.key)

export const outboxContract = (make: MakeHarness): void => {
  describe('outbox', () => {
    const use = useStore(make)

    it('hands out due items, urgent lanes first, then oldest', async () => {
      const { store, harness } = await use()
      const later = harness.now() + 1000
      await store.outbox.put([
        item('cosmetic', { lane: 'cosmetic', dueAt: FIRST_MOMENT - 900 }),
        item('result-new', { dueAt: FIRST_MOMENT - 1 }),
        item('result-old', { dueAt: FIRST_MOMENT - 2 }),
        item('command', { lane: 'command' }),
        item('not-yet', { lane: 'command', dueAt: later }),
      ])
      expect(await store.outbox.pending()).toEqual({ count: 5, oldestDueAt: FIRST_MOMENT - 900 })
      expect(await takeKeys(store.outbox, 3)).toEqual(['command', 'result-old', 'result-new'])
      expect(await takeKeys(store.outbox)).toEqual(['cosmetic'])
      await harness.advance(1000)
      expect(await store.outbox.take(10, HOLD_MS)).toEqual([
        { ...item('not-yet', { lane: 'command', dueAt: later }), claim: expect.any(String), tries: 1 },
      ])
    })

    it('joins items of one key: newest payload, earliest due time, most urgent lane', async () => {
      const { store } = await use()
      await store.outbox.put([item('k', { payload: 1, dueAt: FIRST_MOMENT + 500, lane: 'cosmetic' })])
      await store.outbox.put([item('k', { payload: 2, dueAt: FIRST_MOMENT - 500, lane: 'command', kind: 'other' })])
      await store.outbox.put([
        item('k', { payload: 3, dueAt: FIRST_MOMENT + 900, lane: 'result' }),
        item('k', { payload: 4 }),
      ])
      expect(await store.outbox.pending()).toEqual({ count: 1, oldestDueAt: FIRST_MOMENT - 500 })
      expect(await store.outbox.take(10, HOLD_MS)).toEqual([
        {
          ...item('k', { payload: 4, dueAt: FIRST_MOMENT - 500, lane: 'command' }),
          claim: expect.any(String),
          tries: 1,
        },
      ])
    })

    it('hurries what waits for company, and leaves what failed or only looks', async () => {
      const { store, harness } = await use()
      const later = harness.now() + 10_000
      await store.outbox.put([item('failed')])
      const [failed] = await store.outbox.take(1, HOLD_MS)
      await store.outbox.retryLater('failed', claimOf(failed), later, 'a limit')
      await store.outbox.put([item('waiting', { dueAt: later }), item('look', { kind: 'look', dueAt: later })])
      expect(await takeKeys(store.outbox)).toEqual([])
      expect(await store.outbox.hurry(['look'])).toBe(2)
      expect(await takeKeys(store.outbox)).toEqual(['waiting'])
      expect(await store.outbox.hurry([])).toBe(3)
      expect(await takeKeys(store.outbox)).toEqual(['look'])
    })

    it('comes with an append, and not with one that fails', async () => {
      const { store } = await use()
      await change(store, 'task/1/1', 'c1', [{}], { outbox: [item('a'), item('b'), item('a', { payload: 'newer' })] })
      expect(await store.outbox.pending()).toMatchObject({ count: 2 })
      await change(store, 'task/1/1', 'c2', [{}], { outbox: [item('c')], guards: [{ name: 'g', expectedVersion: 9 }] })
      expect(await store.outbox.pending()).toMatchObject({ count: 2 })
      const taken = await store.outbox.take(10, HOLD_MS)
      expect(taken.map(({ key, payload }) => [key, payload])).toEqual([
        ['a', 'newer'],
        ['b', { key: 'b' }],
      ])
    })

    it('forgets what is done', async () => {
      const { store } = await use()
      await store.outbox.put([item('k')])
      const [taken] = await store.outbox.take(1, HOLD_MS)
      await store.outbox.done('k', claimOf(taken))
      expect(await store.outbox.pending()).toEqual({ count: 0, oldestDueAt: null })
    })

    it('leaves work in place that was put while the older was being done, and hands it out at once after', async () => {
      const { store } = await use()
      await store.outbox.put([item('k', { payload: 'old' })])
      const [old] = await store.outbox.take(1, HOLD_MS)
      await store.outbox.put([item('k', { payload: 'new' })])
      // One key is worked on by one at a time.
      expect(await takeKeys(store.outbox)).toEqual([])
      await store.outbox.done('k', claimOf(old))
      expect(await store.outbox.take(1, HOLD_MS)).toMatchObject([{ payload: 'new', tries: 1 }])
    })

    it('keeps the delay of work that was put while the older was being done', async () => {
      const { store, harness } = await use()
      await store.outbox.put([item('k', { lane: 'command' })])
      const [old] = await store.outbox.take(1, HOLD_MS)
      await store.outbox.put([item('k', { dueAt: harness.now() + 2000, lane: 'cosmetic' })])
      await store.outbox.done('k', claimOf(old))
      expect(await takeKeys(store.outbox)).toEqual([])
      await harness.advance(2000)
      expect(await store.outbox.take(1, HOLD_MS)).toMatchObject([{ lane: 'cosmetic', tries: 1 }])
    })

    it('hands an item out again when its claim has run out; the late end of the first does no harm', async () => {
      const { store, harness } = await use()
      await store.outbox.put([item('k')])
      const [first] = await store.outbox.take(1, HOLD_MS)
      await harness.advance(HOLD_MS)
      await store.outbox.put([item('k', { payload: 'new' })])
      const [second] = await store.outbox.take(1, HOLD_MS)
      expect(second).toMatchObject({ payload: 'new', tries: 2 })
      await store.outbox.done('k', claimOf(first))
      expect(await takeKeys(store.outbox)).toEqual([])
      await store.outbox.done('k', claimOf(second))
      expect((await store.outbox.pending()).count).toBe(0)
    })

    it('tries again later, counting; newer work keeps its own time', async () => {
      const { store, harness } = await use()
      await store.outbox.put([item('k'), item('n')])
      const [k, n] = await store.outbox.take(2, HOLD_MS)
      await store.outbox.put([item('n', { payload: 'new' })])
      await store.outbox.retryLater('k', claimOf(k), harness.now() + 5000, 'GitHub answered 502')
      await store.outbox.retryLater('n', claimOf(n), harness.now() + 5000, 'GitHub answered 502')
      expect(await store.outbox.take(5, HOLD_MS)).toMatchObject([{ key: 'n', payload: 'new', tries: 2 }])
      await harness.advance(5000)
      expect(await store.outbox.take(5, HOLD_MS)).toMatchObject([{ key: 'k', tries: 2 }])
    })

    it('gives each item to one of many takers', async () => {
      const { store, harness } = await use()
      const takers = [store, await harness.open(), await harness.open()]
      await store.outbox.put(Array.from({ length: 50 }, (_, n) => item(`k${n}`)))
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, n) => takeKeys((takers[n % 3] ?? store).outbox, 7)),
      )
      const keys = taken.flat()
      expect(new Set(keys).size).toBe(keys.length)
      expect(keys).toHaveLength(50)
    })

    it('does the newest work of every key in the end, whatever puts, takes, ends and crashes come between', async () => {
      const { store, harness } = await use()
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat(2) }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), key: fc.constant(0) }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('done' as const, 'fail' as const), key: fc.nat(3) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), key: fc.constant(0) }) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
          const wanted = new Map<string, number>()
          const applied = new Map<string, number>()
          const working: { key: string; payload: unknown; claim: string }[] = []
          const finish = async (): Promise<void> => {
            for (const taken of working.splice(0)) {
              applied.set(taken.key, taken.payload as number)
              await store.outbox.done(taken.key, taken.claim)
            }
          }
          for (const [n, now] of steps.entries()) {
            if (now.do === 'put') {
              wanted.set(`k${now.key}`, n)
              await store.outbox.put([item(`k${now.key}`, { payload: n })])
            } else if (now.do === 'take') {
              const taken = await store.outbox.take(2, HOLD_MS)
              for (const { key } of taken) expect(working.map((other) => other.key)).not.toContain(key)
              working.push(...taken)
            } else if (now.do === 'crash') {
              working.splice(0)
              await harness.advance(HOLD_MS)
            } else {
              const [taken] = working.splice(now.key, 1)
              if (taken === undefined) continue
              if (now.do === 'fail') await store.outbox.retryLater(taken.key, taken.claim, harness.now(), 'again')
              else {
                applied.set(taken.key, taken.payload as number)
                await store.outbox.done(taken.key, taken.claim)
              }
            }
          }
          await finish()
          for (;;) {
            working.push(...(await store.outbox.take(5, HOLD_MS)))
            if (working.length === 0 && (await store.outbox.pending()).count === 0) break
            if (working.length === 0) await harness.advance(HOLD_MS)
            await finish()
          }
          expect(applied).toEqual(wanted)
        }),
        { numRuns: 40 },
      )
    })
  })
}

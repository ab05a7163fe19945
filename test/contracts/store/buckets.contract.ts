/** Token buckets: never more than the capacity and the refill allow, at any concurrency; all of several or none. */
import { describe, expect, it } from 'vitest'
import type { BucketDemand } from '../../../app/engine/ports.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const minute = (cost: number): BucketDemand => ({
  name: 'writes/1/minute',
  cost,
  capacity: 80,
  refillPerSecond: 80 / 60,
})
const hour = (cost: number): BucketDemand => ({
  name: 'writes/1/hour',
  cost,
  capacity: 500,
  refillPerSecond: 500 / 3600,
})

export const bucketsContract = (make: MakeHarness): void => {
  describe('buckets', () => {
    const use = useStore(make)

    it('starts full, refills with time, and says how long to wait', async () => {
      const { store, harness } = await use()
      expect(await store.buckets.take([minute(80)])).toEqual({ ok: true })
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: false, waitMs: 3000 })
      await harness.advance(2999)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: false, waitMs: 1 })
      await harness.advance(1)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: true })
      await harness.advance(3_600_000)
      expect(await store.buckets.take([minute(80)])).toEqual({ ok: true })
      expect((await store.buckets.take([minute(1)])).ok).toBe(false)
    })

    it('takes from every bucket or from none, and waits for the slowest', async () => {
      const { store } = await use()
      expect(await store.buckets.take([hour(495)])).toEqual({ ok: true })
      expect(await store.buckets.take([minute(10), hour(10)])).toEqual({ ok: false, waitMs: 36_000 })
      expect(await store.buckets.take([minute(80)])).toEqual({ ok: true })
      expect(await store.buckets.take([hour(5)])).toEqual({ ok: true })
    })

    it('never gives more than there is to many takers on several connections', async () => {
      const { store, harness } = await use()
      const takers = [store, await harness.open(), await harness.open()]
      const results = await Promise.all(
        Array.from({ length: 60 }, (_, n) => (takers[n % 3] ?? store).buckets.take([minute(2), hour(2)])),
      )
      expect(results.filter((result) => result.ok)).toHaveLength(40)
    })

    it('gives nothing before a block ends, and starts empty after it', async () => {
      const { store, harness } = await use()
      await store.buckets.block('writes/1/minute', harness.now() + 60_000)
      await store.buckets.block('writes/1/minute', harness.now() + 10_000)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: false, waitMs: 63_000 })
      await harness.advance(60_000)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: false, waitMs: 3000 })
      await harness.advance(3000)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: true })
    })

    it('lets a demand above the capacity pass on a full bucket and makes the next wait for the debt', async () => {
      const { store } = await use()
      expect(await store.buckets.take([minute(100)])).toEqual({ ok: true })
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: false, waitMs: 18_000 })
    })

    it('takes back what was taken for nothing, and is never more than full', async () => {
      const { store } = await use()
      await store.buckets.giveBack('writes/1/minute', 5)
      expect(await store.buckets.take([minute(80)])).toEqual({ ok: true })
      await store.buckets.giveBack('writes/1/minute', 4)
      expect(await store.buckets.take([minute(4)])).toEqual({ ok: true })
      expect((await store.buckets.take([minute(1)])).ok).toBe(false)
      await store.buckets.giveBack('writes/1/minute', 500)
      expect(await store.buckets.take([minute(80)])).toEqual({ ok: true })
      expect((await store.buckets.take([minute(1)])).ok).toBe(false)
    })

    it('refuses demands that make no sense', async () => {
      const { store } = await use()
      for (const demands of [
        [{ ...minute(1), refillPerSecond: 0 }],
        [minute(-1)],
        [minute(Number.NaN)],
        [minute(1), minute(1)],
      ]) {
        await expect(store.buckets.take(demands)).rejects.toMatchObject({ code: 'bad-demand' })
      }
      expect(await store.buckets.take([])).toEqual({ ok: true })
    })
  })
}

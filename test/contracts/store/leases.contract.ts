/** Leases' volatile deadlines: renewed without an event, extended after a downtime. */
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { change } from '../history.ts'
import { FIRST_MOMENT, type MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const task: StreamId = 'task/1/12'
const fence = { epoch: 1, n: 3 }
const TTL_MS = 60_000

const grant = (store: Store, stream: StreamId, until: number | null) =>
  change(store, stream, `grant-${stream}-${until}`, [], { leases: [{ stream, fence, until }] })

export const leasesContract = (make: MakeHarness): void => {
  describe('leases', () => {
    const use = useStore(make)

    it('moves the deadline from now, without an event', async () => {
      const { store, harness } = await use()
      await grant(store, task, FIRST_MOMENT + TTL_MS)
      await harness.advance(10_000)
      expect(await store.leases.renew(task, fence, TTL_MS)).toBe(FIRST_MOMENT + 10_000 + TTL_MS)
      expect(await store.log.load(task)).toMatchObject({ version: 0, leaseUntil: FIRST_MOMENT + 10_000 + TTL_MS })
    })

    it('renews nothing without a lease, with another fence, or once it has run out', async () => {
      const { store, harness } = await use()
      expect(await store.leases.renew(task, fence, TTL_MS)).toBeNull()
      await grant(store, task, FIRST_MOMENT + TTL_MS)
      expect(await store.leases.renew(task, { epoch: 1, n: 2 }, TTL_MS)).toBeNull()
      expect(await store.leases.renew(task, { epoch: 2, n: 3 }, TTL_MS)).toBeNull()
      await harness.advance(TTL_MS)
      expect(await store.leases.renew(task, fence, TTL_MS)).toBeNull()
      expect((await store.log.load(task)).leaseUntil).toBe(FIRST_MOMENT + TTL_MS)
    })

    it('is gone when a command ends it, and replaced by the next grant', async () => {
      const { store } = await use()
      await grant(store, task, FIRST_MOMENT + TTL_MS)
      await grant(store, task, null)
      expect((await store.log.load(task)).leaseUntil).toBeNull()
      await change(store, task, 'next', [], {
        leases: [{ stream: task, fence: { epoch: 1, n: 4 }, until: FIRST_MOMENT + 5 }],
      })
      expect(await store.leases.renew(task, fence, TTL_MS)).toBeNull()
      expect(await store.leases.renew(task, { epoch: 1, n: 4 }, TTL_MS)).toBe(FIRST_MOMENT + TTL_MS)
    })

    it('is not ended for a silence that is over by then', async () => {
      const { store, harness } = await use()
      await grant(store, task, FIRST_MOMENT + TTL_MS)
      await harness.advance(10)
      await store.leases.renew(task, fence, TTL_MS)
      const end = (from: number) =>
        change(store, task, `end-${from}`, [{ ended: from }], { leases: [{ stream: task, fence, until: null, from }] })
      expect(await end(FIRST_MOMENT + TTL_MS)).toEqual({ ok: false, conflict: 'version' })
      expect(await store.log.load(task)).toMatchObject({ version: 0, leaseUntil: FIRST_MOMENT + 10 + TTL_MS })
      expect(await end(FIRST_MOMENT + 10 + TTL_MS)).toEqual({ ok: true })
      expect(await store.log.load(task)).toMatchObject({ version: 1, leaseUntil: null })
    })

    it('forgets a deadline that has passed, and no other', async () => {
      const { store, harness } = await use()
      await grant(store, task, FIRST_MOMENT + TTL_MS)
      await store.leases.dropOver(task)
      expect((await store.log.load(task)).leaseUntil).toBe(FIRST_MOMENT + TTL_MS)
      await harness.advance(TTL_MS)
      expect(await store.projections.due(9)).toEqual([task])
      await store.leases.dropOver('task/1/99')
      expect(await store.projections.due(9)).toEqual([task])
      await store.leases.dropOver(task)
      expect(await store.projections.due(9)).toEqual([])
    })

    it('gives every lease a full term after a downtime, those that ran out meanwhile too, and shortens none', async () => {
      const { store, harness } = await use()
      await grant(store, 'task/1/1', FIRST_MOMENT + 100)
      await grant(store, 'task/1/2', FIRST_MOMENT + 10 * TTL_MS)
      await grant(store, 'task/1/3', FIRST_MOMENT + 100)
      await harness.advance(5000)
      const ttlOf = async (stream: StreamId) => (stream === 'task/1/3' ? 2 * TTL_MS : TTL_MS)
      expect(await store.leases.extendAll(ttlOf)).toBe(2)
      const until = async (stream: StreamId) => (await store.log.load(stream)).leaseUntil
      expect(await until('task/1/1')).toBe(FIRST_MOMENT + 5000 + TTL_MS)
      expect(await until('task/1/2')).toBe(FIRST_MOMENT + 10 * TTL_MS)
      expect(await until('task/1/3')).toBe(FIRST_MOMENT + 5000 + 2 * TTL_MS)
      expect(await store.projections.due(10)).toEqual([])
      expect(await store.leases.extendAll(ttlOf)).toBe(0)
    })

    it('remembers when any replica was last alive', async () => {
      const { store, harness } = await use()
      const second = await harness.open()
      expect(await store.leases.lastAlive()).toBeNull()
      expect(await store.leases.lastAlive()).toBeNull()
      expect(await store.leases.beat()).toBeNull()
      expect(await store.leases.lastAlive()).toBe(FIRST_MOMENT)
      await harness.advance(7000)
      expect(await second.leases.beat()).toBe(FIRST_MOMENT)
      expect(await store.leases.beat()).toBe(FIRST_MOMENT + 7000)
    })
  })
}

/** Importing streams from a replica: into an empty store, over an older one, never over a newer or a forked one. */
import { describe, expect, it } from 'vitest'
import type { StoredEvent, StreamId } from '../../../app/domain/event/envelope.ts'
import type { ImportedStream, Store } from '../../../app/engine/ports.ts'
import { change, fold, GENESIS, makeEvents } from '../history.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const task: StreamId = 'task/1/12'

/** Five events and what a replica would say of them, with the oldest sealed up to `sealed`. */
const replica = (sealed: number, changes: readonly Record<string, unknown>[] = FIVE): ImportedStream => {
  const events = changes.reduce<StoredEvent[]>((all, data, n) => {
    const last = all.at(-1)
    const from = last === undefined ? GENESIS : { version: last.version, head: last.hash }
    return [...all, ...makeEvents(task, from, `cause-${n + 1}`, [data])]
  }, [])
  const at = events[sealed - 1]
  const base =
    at === undefined ? null : { version: sealed, head: at.hash, state: fold(task, null, events.slice(0, sealed)).state }
  return { stream: task, base, events: events.slice(sealed), ...fold(task, null, events), leases: [] }
}
const FIVE = [1, 2, 3, 4, 5].map((n) => ({ n, [`f${n}`]: true }))

const playFirst = async (store: Store, count: number): Promise<void> => {
  for (const [n, data] of FIVE.slice(0, count).entries()) await change(store, task, `cause-${n + 1}`, [data])
}

export const importContract = (make: MakeHarness): void => {
  describe('importStream', () => {
    const use = useStore(make)

    it.each([0, 3, 5])(
      'into an empty store gives what playing the history gives (%i events sealed)',
      async (sealed) => {
        const { store } = await use()
        const played = await use()
        await playFirst(played.store, 5)
        const whole = replica(sealed)
        expect(await store.log.importStream(whole)).toBe(true)
        expect(await store.projections.dump()).toBe(await played.store.projections.dump())
        expect(await store.log.load(task)).toEqual(await played.store.log.load(task))
        expect(await store.log.read(task)).toEqual(whole.events)
        expect(await store.log.base(task)).toEqual(whole.base)
        expect(await store.log.rebuild(fold)).toBe(0)
        expect(await change(store, task, 'next', [{ n: 6 }])).toEqual({ ok: true })
        expect(await store.log.load(task)).toMatchObject({ version: 6 })
        expect(await store.log.rebuild(fold)).toBe(0)
      },
    )

    it('keeps what is known from before the base, and rests nothing on it', async () => {
      const { store } = await use()
      const [first, second] = replica(0).events
      const older = [first, second].filter((event) => event !== undefined)
      expect(await store.log.importStream({ ...replica(3), older })).toBe(true)
      expect((await store.log.read(task)).map((event) => event.version)).toEqual([1, 2, 4, 5])
      expect(await store.log.findOutcome('cause-1')).toEqual({ ok: true, stream: task, version: 1 })
      expect(await store.log.findOutcome('cause-3')).toBeNull()
      expect(await store.log.load(task)).toMatchObject({ version: 5, state: replica(0).state })
      expect(await store.log.base(task)).toEqual(replica(3).base)
      expect(await store.log.rebuild(fold)).toBe(0)
      expect(await change(store, task, 'cause-1', [{ n: 'again' }])).toMatchObject({ ok: false, conflict: 'cause' })
    })

    it('takes no event twice that it has itself', async () => {
      const { store } = await use()
      await playFirst(store, 2)
      const older = replica(0).events.slice(0, 2)
      expect(await store.log.importStream({ ...replica(3), older })).toBe(true)
      expect((await store.log.read(task)).map((event) => event.version)).toEqual([1, 2, 4, 5])
    })

    it('counts the causes of imported events as done', async () => {
      const { store } = await use()
      await store.log.importStream(replica(2))
      expect(await store.log.findOutcome('cause-4')).toEqual({ ok: true, stream: task, version: 4 })
      expect(await change(store, task, 'cause-4', [{ n: 'again' }])).toMatchObject({ ok: false, conflict: 'cause' })
    })

    it.each([0, 2, 3, 4])('brings a stream that is behind up to date (%i events sealed)', async (sealed) => {
      const { store } = await use()
      await playFirst(store, 3)
      expect(await store.log.importStream(replica(sealed))).toBe(true)
      expect(await store.log.load(task)).toMatchObject({ version: 5, state: replica(0).state })
      const versions = (await store.log.read(task)).map((event) => event.version)
      // Where the replica has sealed more than we have, a gap stays in the log.
      expect(versions).toEqual(sealed === 4 ? [1, 2, 3, 5] : [1, 2, 3, 4, 5])
      expect(await store.log.rebuild(fold)).toBe(0)
    })

    it('is harmless when repeated', async () => {
      const { store } = await use()
      expect(await store.log.importStream(replica(2))).toBe(true)
      const before = await store.projections.dump()
      expect(await store.log.importStream(replica(2))).toBe(true)
      expect(await store.log.importStream(replica(0))).toBe(true)
      expect(await store.projections.dump()).toBe(before)
      expect(await store.log.read(task)).toHaveLength(3)
    })

    it('refuses a stream that is further already', async () => {
      const { store } = await use()
      await playFirst(store, 5)
      await change(store, task, 'more', [{ n: 6 }])
      expect(await store.log.importStream(replica(2))).toBe(false)
      expect((await store.log.load(task)).version).toBe(6)
    })

    it('refuses a stream that forked', async () => {
      const { store } = await use()
      await playFirst(store, 2)
      await change(store, task, 'ours', [{ n: 'ours' }])
      for (const sealed of [0, 2, 3]) expect(await store.log.importStream(replica(sealed))).toBe(false)
      expect(await store.log.load(task)).toMatchObject({ version: 3 })
      expect(await store.log.findOutcome('cause-4')).toBeNull()
    })

    it('puts leases in place with the stream', async () => {
      const { store, harness } = await use()
      const until = harness.now() + 60_000
      const fence = { epoch: 2, n: 7 }
      await store.log.importStream({ ...replica(0), leases: [{ stream: task, fence, until }] })
      expect((await store.log.load(task)).leaseUntil).toBe(until)
      expect(await store.leases.renew(task, fence, 90_000)).toBe(harness.now() + 90_000)
    })
  })
}

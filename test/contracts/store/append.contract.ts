/** Appending: versions, causes, guards, several streams at once. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import { change, GENESIS, makeBatch, makeEvents, makeWrite, sha256 } from '../history.ts'
import { useStore } from './use-store.ts'
import type { MakeHarness } from '../store-harness.ts'

const task: StreamId = 'task/1/12'
const other: StreamId = 'task/1/13'
const project: StreamId = 'project/1'

export const appendContract = (make: MakeHarness): void => {
  describe('append', () => {
    const use = useStore(make)

    it('loads nothing before the first event', async () => {
      const { store, harness } = await use()
      expect(await store.log.load(task)).toEqual({
        version: 0,
        head: GENESIS_HASH,
        state: null,
        now: harness.now(),
        leaseUntil: null,
      })
      expect(await store.log.streams()).toEqual([])
      expect(await store.log.read(task)).toEqual([])
    })

    it('keeps events as they were handed in, in order, and the folded state', async () => {
      const { store } = await use()
      const write = makeWrite(task, { ...GENESIS, state: null }, 'c1', [{ title: 'a' }, { title: 'ünï </-->' }])
      expect(await store.log.append(makeBatch('c1', [write]))).toEqual({ ok: true })
      expect(await store.log.read(task)).toEqual(write.events)
      expect(await store.log.read(task, 1)).toEqual(write.events.slice(1))
      expect(await store.log.load(task)).toMatchObject({
        version: 2,
        head: write.events[1]?.hash,
        state: write.state,
      })
      expect(await store.log.streams()).toEqual([task])
      expect(await store.log.findOutcome('c1')).toEqual({ ok: true, stream: task, version: 2 })
      expect(await store.log.findOutcome('c2')).toBeNull()
    })

    it('refuses what rests on a stream that has moved on, or came to be, and leaves that one as it is', async () => {
      const { store } = await use()
      const resting = (cause: string, version: number) =>
        change(store, task, cause, [{ cause }], { restsOn: [{ stream: project, version }] })
      expect(await resting('c1', 0)).toEqual({ ok: true })
      await change(store, project, 'p1', [{ a: 1 }])
      expect(await resting('c2', 0)).toEqual({ ok: false, conflict: 'version' })
      expect(await store.log.findOutcome('c2')).toBeNull()
      expect(await resting('c2', 1)).toEqual({ ok: true })
      await change(store, project, 'p2', [{ a: 2 }])
      expect(await resting('c3', 1)).toEqual({ ok: false, conflict: 'version' })
      expect((await store.log.load(task)).version).toBe(2)
      expect((await store.log.load(project)).version).toBe(2)
    })

    it('reads back any JSON so that it still hashes to the same chain', async () => {
      const { store } = await use()
      let n = 0
      await fc.assert(
        fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }), async (changes) => {
          const stream: StreamId = `task/7/${++n}`
          const events = makeEvents(stream, GENESIS, `any-${n}`, changes)
          const write = {
            stream,
            expectedVersion: 0,
            events,
            state: '{}',
            index: makeWrite(stream, { ...GENESIS, state: null }, 'x', []).index,
          }
          expect(await store.log.append(makeBatch(`any-${n}`, [write]))).toEqual({ ok: true })
          expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, await store.log.read(stream))).toBeNull()
        }),
        { numRuns: 40 },
      )
    })

    it('refuses a version that is not the newest, before and after it', async () => {
      const { store } = await use()
      await change(store, task, 'c1', [{ a: 1 }, { a: 2 }])
      const loaded = await store.log.load(task)
      for (const version of [0, 1, 3]) {
        const stale = makeWrite(task, { ...loaded, version }, 'c2', [{ a: 3 }])
        expect(await store.log.append(makeBatch('c2', [stale]))).toEqual({ ok: false, conflict: 'version' })
      }
      expect(await store.log.findOutcome('c2')).toBeNull()
      expect((await store.log.load(task)).version).toBe(2)
    })

    it('does nothing for a cause that was there and answers with its outcome', async () => {
      const { store } = await use()
      await change(store, task, 'c1', [{ a: 1 }], {})
      const repeated = await change(store, task, 'c1', [{ a: 2 }], {
        outbox: [{ key: 'k', kind: 'x', queue: null, payload: null, dueAt: 0, lane: 'command' }],
      })
      expect(repeated).toEqual({ ok: false, conflict: 'cause', outcome: { ok: true, stream: task, version: 1 } })
      expect((await store.log.load(task)).version).toBe(1)
      expect((await store.outbox.pending()).count).toBe(0)
    })

    it('answers with the outcome of the cause even when the version is stale too', async () => {
      const { store } = await use()
      const write = makeWrite(task, { ...GENESIS, state: null }, 'c1', [{ a: 1 }])
      await store.log.append(makeBatch('c1', [write]))
      expect(await store.log.append(makeBatch('c1', [write]))).toMatchObject({ ok: false, conflict: 'cause' })
    })

    it('keeps a rejection under its cause without touching a stream', async () => {
      const { store } = await use()
      const rejected = makeBatch('no', [], { outcome: { ok: false, rejection: { code: 'not-a-task' } } })
      expect(await store.log.append(rejected)).toEqual({ ok: true })
      expect(await store.log.findOutcome('no')).toEqual({ ok: false, rejection: { code: 'not-a-task' } })
      expect(await store.log.streams()).toEqual([])
    })

    it('does not raise the version for a write without events, but checks it and does the rest', async () => {
      const { store, harness } = await use()
      await change(store, task, 'c1', [{ a: 1 }])
      const until = harness.now() + 1000
      const leases = [{ stream: task, fence: { epoch: 1, n: 1 }, until }]
      expect(await change(store, task, 'c2', [], { leases })).toEqual({ ok: true })
      expect(await store.log.load(task)).toMatchObject({ version: 1, leaseUntil: until })
      const stale = makeWrite(task, { ...GENESIS, state: null }, 'c3', [])
      expect(await store.log.append(makeBatch('c3', [stale]))).toEqual({ ok: false, conflict: 'version' })
    })

    it('writes several streams or none', async () => {
      const { store } = await use()
      await change(store, other, 'c1', [{ a: 1 }])
      const fresh = await store.log.load(task)
      const both = [
        makeWrite(task, fresh, 'c2', [{ a: 1 }]),
        makeWrite(other, { ...(await store.log.load(other)), version: 5 }, 'c2', [{ a: 2 }]),
      ]
      expect(await store.log.append(makeBatch('c2', both))).toEqual({ ok: false, conflict: 'version' })
      expect((await store.log.load(task)).version).toBe(0)
      const right = [
        makeWrite(task, fresh, 'c3', [{ a: 1 }]),
        makeWrite(other, await store.log.load(other), 'c3', [{ a: 2 }]),
        makeWrite(project, await store.log.load(project), 'c3', [{}]),
      ]
      expect(await store.log.append(makeBatch('c3', right))).toEqual({ ok: true })
      expect(await store.log.streams()).toEqual([project, task, other])
      expect((await store.log.load(other)).version).toBe(2)
    })

    it('raises guards with the append and refuses when one has moved', async () => {
      const { store } = await use()
      const guards = [
        { name: 'edges/1', expectedVersion: 0 },
        { name: 'budget/1', expectedVersion: 0 },
      ]
      expect(await store.log.guardVersion('edges/1')).toBe(0)
      expect(await change(store, task, 'c1', [{ a: 1 }], { guards })).toEqual({ ok: true })
      expect(await store.log.guardVersion('edges/1')).toBe(1)
      expect(await change(store, other, 'c2', [{ a: 1 }], { guards })).toEqual({ ok: false, conflict: 'guard' })
      const half = [
        { name: 'edges/1', expectedVersion: 1 },
        { name: 'budget/1', expectedVersion: 7 },
      ]
      expect(await change(store, other, 'c3', [{ a: 1 }], { guards: half })).toEqual({ ok: false, conflict: 'guard' })
      expect(await store.log.guardVersion('edges/1')).toBe(1)
      expect((await store.log.load(other)).version).toBe(0)
      expect(await store.log.findOutcome('c3')).toBeNull()
    })

    it('throws, and writes nothing, when events do not continue the chain', async () => {
      const { store } = await use()
      await change(store, task, 'c1', [{ a: 1 }])
      const loaded = await store.log.load(task)
      const forked = makeWrite(task, { ...loaded, head: 'f'.repeat(64) }, 'c2', [{ a: 2 }])
      await expect(store.log.append(makeBatch('c2', [forked]))).rejects.toMatchObject({ code: 'broken-chain' })
      const whole = makeWrite(task, loaded, 'c2', [{ a: 2 }, { a: 3 }])
      const gap = { ...whole, events: whole.events.slice(1) }
      await expect(store.log.append(makeBatch('c2', [gap]))).rejects.toMatchObject({ code: 'broken-chain' })
      await expect(store.log.append(makeBatch('c2', [whole, whole]))).rejects.toMatchObject({ code: 'broken-chain' })
      expect(await store.log.findOutcome('c2')).toBeNull()
    })

    it('never lets events be changed or deleted, by anyone', async () => {
      const { store, harness } = await use()
      await change(store, task, 'c1', [{ a: 1 }])
      const before = await store.log.read(task)
      for (const statement of [
        `update events set data = '{}'`,
        `update events set hash = 'x' where version = 1`,
        `delete from events`,
        `delete from events where stream = '${task}'`,
      ]) {
        await expect(harness.run(statement)).rejects.toThrow(/never changed or deleted/)
      }
      expect(await store.log.read(task)).toEqual(before)
    })
  })
}

/** The dependency graph of a store: levels that are always the longest chain below, and no cycle whatever is asked for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelsOf, type EdgePair } from '../../../app/domain/dependency/levels.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { change, fold, GENESIS, makeEvents } from '../history.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const NODES = 7
/** Tasks of two projects; the last one is never written itself. */
const task = (n: number): StreamId => `task/${(n % 2) + 1}/${n}`
const streams = Array.from({ length: NODES }, (_, n) => task(n))

const edgesOf = async (store: Store): Promise<readonly EdgePair[]> =>
  (await store.graph.dependsOn(streams)).map(({ stream, on }): EdgePair => [stream, on])

const levelsIn = async (store: Store) =>
  Object.fromEntries(
    await Promise.all(streams.map(async (stream) => [stream, await store.graph.level(stream)] as const)),
  )

const recomputed = (edges: readonly EdgePair[]) => {
  const levels = levelsOf(edges)
  return Object.fromEntries(streams.map((stream) => [stream, levels.get(stream) ?? 0]))
}

const hasCycle = (edges: readonly EdgePair[]): boolean => {
  const reach = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    edges.some(([a, b]) => a === from && (b === to || (!seen.has(b) && reach(b, to, new Set([...seen, b])))))
  return streams.some((stream) => reach(stream, stream, new Set()))
}

const steps = fc.array(fc.tuple(fc.nat(NODES - 2), fc.subarray(streams, { maxLength: 3 })), {
  minLength: 4,
  maxLength: 14,
})

export const graphContract = (make: MakeHarness): void => {
  describe('the dependency graph', () => {
    const use = useStore(make)

    it('refuses exactly the edges that close a cycle, and has levels as if they were computed anew', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const { store } = await use()
          let kept: readonly EdgePair[] = []
          for (const [n, [from, dependsOn]] of all.entries()) {
            const stream = task(from)
            const wanted = [...kept.filter(([a]) => a !== stream), ...dependsOn.map((on): EdgePair => [stream, on])]
            const result = await change(store, stream, `c${n}`, [{ dependsOn }])
            expect(result).toEqual(hasCycle(wanted) ? { ok: false, conflict: 'cycle' } : { ok: true })
            if (result.ok) kept = wanted
            expect(new Set((await edgesOf(store)).map(String))).toEqual(new Set(kept.map(String)))
            expect(await levelsIn(store)).toEqual(recomputed(kept))
          }
        }),
        { numRuns: 8 },
      )
    })

    it('answers with edges in both directions, and with the level of where they lead', async () => {
      const { store } = await use()
      await change(store, task(2), 'c1', [{ dependsOn: [task(1), task(0)] }])
      await change(store, task(4), 'c2', [{ dependsOn: [task(2)] }])
      expect(await store.graph.dependsOn([task(4), task(2), task(4)])).toEqual(
        expect.arrayContaining([
          { stream: task(4), on: task(2), level: 1 },
          { stream: task(2), on: task(1), level: 0 },
          { stream: task(2), on: task(0), level: 0 },
        ]),
      )
      expect(await store.graph.dependents([task(2), task(1)])).toEqual([
        { stream: task(2), on: task(1) },
        { stream: task(4), on: task(2) },
      ])
    })

    it('lets two connections that add the two halves of a cycle store one of them', async () => {
      const { harness } = await use()
      const stores = [await harness.open(), await harness.open()]
      const [a, b] = [task(1), task(2)]
      for (let n = 0; n < 5; n += 1) {
        const results = await Promise.all([
          change(stores[0] as Store, a, `a${n}`, [{ dependsOn: [b] }]),
          change(stores[1] as Store, b, `b${n}`, [{ dependsOn: [a] }]),
        ])
        expect(results.filter(({ ok }) => ok)).toHaveLength(1)
        expect(results).toContainEqual({ ok: false, conflict: 'cycle' })
        await change(stores[0] as Store, a, `c${n}`, [{ dependsOn: [] }])
        await change(stores[1] as Store, b, `d${n}`, [{ dependsOn: [] }])
      }
    })

    it('takes in a cycle that replicas hold between them, and lives on with it', async () => {
      const { store } = await use()
      for (const [stream, on] of [
        [task(1), task(2)],
        [task(2), task(1)],
      ] as const) {
        const events = makeEvents(stream, GENESIS, `i-${stream}`, [{ dependsOn: [on] }])
        expect(
          await store.log.importStream({ stream, base: null, events, leases: [], ...fold(stream, null, events) }),
        ).toBe(true)
      }
      expect(await change(store, task(3), 'c1', [{ dependsOn: [task(1)] }])).toEqual({ ok: true })
      expect(await change(store, task(1), 'c2', [{ dependsOn: [task(2), task(4)] }])).toEqual({ ok: true })
      expect(await change(store, task(1), 'c3', [{ dependsOn: [task(4)] }])).toEqual({ ok: true })
      await store.log.rebuild(fold)
      expect(await levelsIn(store)).toEqual(recomputed(await edgesOf(store)))
      expect(await store.graph.level(task(3))).toBe(2)
    })

    it('gets its levels back from a rebuild', async () => {
      const { store, harness } = await use()
      await change(store, task(1), 'c1', [{ dependsOn: [task(2)] }])
      await change(store, task(3), 'c2', [{ dependsOn: [task(1)] }])
      const levels = await levelsIn(store)
      await harness.run(`delete from levels where stream = '${task(3)}'`)
      await harness.run(`insert into levels (stream, level) values ('${task(5)}', 9)`)
      expect(await store.log.rebuild(fold)).toBe(2)
      expect(await levelsIn(store)).toEqual(levels)
      expect(await store.log.rebuild(fold)).toBe(0)
    })

    it('knows the children of tasks, also of one that is not there', async () => {
      const { store } = await use()
      await change(store, task(1), 'c1', [{ parent: task(6) }])
      await change(store, task(2), 'c2', [{ parent: task(6) }])
      await change(store, task(3), 'c3', [{ parent: task(1) }])
      expect(await store.graph.children([task(6)])).toEqual(
        [
          { stream: task(2), parent: task(6) },
          { stream: task(1), parent: task(6) },
        ].sort((x, y) => (x.stream < y.stream ? -1 : 1)),
      )
      await change(store, task(1), 'c4', [{ parent: null }])
      expect(await store.graph.children([task(6), task(1)])).toHaveLength(2)
    })
  })
}

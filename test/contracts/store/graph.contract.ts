/** The dependency graph of a store: levels that are always above those of what a task depends on, and no cycle whatever is asked for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EdgePair } from '../../../app/domain/dependency/levels.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { change, fold, GENESIS, makeEvents } from '../history.ts'
import type { MakeHarness, StoreHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const NODES = 7
/** Tasks of two projects; the last one is never written itself. */
const task = (n: number): StreamId => `task/${(n % 2) + 1}/${n}`
const streams = Array.from({ length: NODES }, (_, n) => task(n))

interface Dump {
  readonly edges: Readonly<Record<string, readonly string[]>>
}

const edgesOf = async (store: Store): Promise<readonly EdgePair[]> =>
  Object.entries((JSON.parse(await store.projections.dump()) as Dump).edges).flatMap(([stream, all]) =>
    all.map((on): EdgePair => [stream, on]),
  )

const reaches = (
  edges: readonly EdgePair[],
  from: string,
  to: string,
  seen: ReadonlySet<string> = new Set(),
): boolean =>
  edges.some(([a, b]) => a === from && (b === to || (!seen.has(b) && reaches(edges, b, to, new Set([...seen, b])))))

const hasCycle = (edges: readonly EdgePair[]): boolean => streams.some((stream) => reaches(edges, stream, stream))

/** Of all edges that close no circle. */
const expectOrder = async (harness: StoreHarness, edges: readonly EdgePair[]): Promise<void> => {
  const database = await harness.openDatabase()
  const rows = await database.read((db) => db.selectFrom('levels').selectAll().execute())
  await database.close()
  const levels = new Map(rows.map(({ stream, level }) => [stream, level]))
  for (const [from, on] of edges) {
    if (!reaches(edges, on, from) && from !== on) expect(levels.get(from) ?? 0).toBeGreaterThan(levels.get(on) ?? 0)
  }
}

const importEdges = async (store: Store, stream: StreamId, dependsOn: readonly StreamId[]): Promise<void> => {
  const events = makeEvents(stream, GENESIS, `i-${stream}`, [{ dependsOn }])
  const imported = { stream, base: null, events, leases: [], ...fold(stream, null, events) }
  expect(await store.log.importStream(imported)).toBe(true)
}

const CYCLE = { ok: false, conflict: 'cycle', path: expect.any(Array) as unknown }

const steps = fc.array(fc.tuple(fc.nat(NODES - 2), fc.subarray(streams, { maxLength: 3 })), {
  minLength: 4,
  maxLength: 14,
})

export const graphContract = (make: MakeHarness): void => {
  describe('the dependency graph', () => {
    const use = useStore(make)

    it('refuses exactly the edges that close a cycle, and always has every task above what it depends on', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const { store, harness } = await use()
          let kept: readonly EdgePair[] = []
          for (const [n, [from, dependsOn]] of all.entries()) {
            const stream = task(from)
            const wanted = [...kept.filter(([a]) => a !== stream), ...dependsOn.map((on): EdgePair => [stream, on])]
            const result = await change(store, stream, `c${n}`, [{ dependsOn }])
            expect(result).toEqual(hasCycle(wanted) ? CYCLE : { ok: true })
            if (result.ok) kept = wanted
            expect(new Set((await edgesOf(store)).map(String))).toEqual(new Set(kept.map(String)))
            await expectOrder(harness, kept)
          }
          expect(await store.log.rebuild(fold)).toBe(0)
        }),
        { numRuns: 8 },
      )
    })

    it('refuses exactly the edges that close one more cycle where cycles were imported, until those are dropped', async () => {
      const imports = fc.tuple(...streams.slice(0, -1).map(() => fc.subarray(streams, { maxLength: 2 })))
      await fc.assert(
        fc.asyncProperty(imports, steps, async (imported, all) => {
          const { store, harness } = await use()
          let kept: readonly EdgePair[] = []
          for (const [n, dependsOn] of imported.entries()) {
            await importEdges(store, task(n), dependsOn)
            kept = [...kept, ...dependsOn.map((on): EdgePair => [task(n), on])]
          }
          await expectOrder(harness, kept)
          for (const [n, [from, dependsOn]] of all.entries()) {
            const stream = task(from)
            const wanted = [...kept.filter(([a]) => a !== stream), ...dependsOn.map((on): EdgePair => [stream, on])]
            const added = dependsOn.filter((on) => !kept.some(([a, b]) => a === stream && b === on))
            const closes = added.some((on) => on === stream || reaches(wanted, on, stream))
            const result = await change(store, stream, `c${n}`, [{ dependsOn }])
            expect(result).toEqual(closes ? CYCLE : { ok: true })
            if (result.ok) kept = wanted
            await expectOrder(harness, kept)
          }
          expect(await store.log.rebuild(fold)).toBe(0)
        }),
        { numRuns: 8 },
      )
    })

    it('goes on where there is no room left between two levels, on either side, and at the ends of all numbers', async () => {
      const { store, harness } = await use()
      const [low, high, above, below, upper, lower] = [task(0), task(1), task(2), task(3), task(4), task(5)]
      const stood: readonly EdgePair[] = [
        [above, low],
        [high, below],
        [upper, lower],
      ]
      const end = 2 ** 52
      // In the order of the tasks; the last two stand where the room has to be made.
      for (const [at, levels] of [
        [5, 5, 6, 4, 6, 5],
        [0, 0, 1, -1, 1, 0],
        [-1, -1, 0, -2, 0, -1],
        [-6, -6, -5, -7, -5, -6],
        [end - 1, end - 1, end, 7, end, end - 1],
        [-end, -end, 1 - end, -end - 1, 1 - end, -end],
        [5, 7, 6, 4, 5, 4],
        [1, 3, 2, 0, 1, 0],
        [0, 2, 1, -1, 0, -1],
        [-5, -3, -4, -6, -5, -6],
        [1 - end, 3 - end, 2 - end, -end, 1 - end, -end],
      ].entries()) {
        for (const stream of streams.slice(0, -1)) await change(store, stream, `n${at} ${stream}`, [{ dependsOn: [] }])
        for (const [from, on] of stood) {
          await change(store, from as StreamId, `s${at} ${from}`, [{ dependsOn: [on as StreamId] }])
        }
        await harness.run('delete from levels')
        for (const [n, level] of levels.entries()) {
          if (level !== 0) await harness.run(`insert into levels (stream, level) values ('${task(n)}', ${level})`)
        }
        await expectOrder(harness, stood)
        expect(await change(store, low, `a${at}`, [{ dependsOn: [high] }])).toEqual({ ok: true })
        await expectOrder(harness, [...stood, [low, high]])
        expect(await change(store, below, `b${at}`, [{ dependsOn: [above] }])).toEqual(CYCLE)
      }
    })

    it('answers with the edges that lead to tasks', async () => {
      const { store } = await use()
      await change(store, task(2), 'c1', [{ dependsOn: [task(1), task(0)] }])
      await change(store, task(4), 'c2', [{ dependsOn: [task(2)] }])
      expect(await store.graph.dependents([task(2), task(1)])).toEqual([
        { stream: task(2), on: task(1) },
        { stream: task(4), on: task(2) },
      ])
    })

    it('says which circle an edge would close, over however many others, also where many more lead past it', async () => {
      const { store } = await use()
      const chain = Array.from({ length: 9 }, (_, n): StreamId => `task/1/${100 + n}`)
      for (const [n, on] of chain.slice(1).entries()) {
        const dependsOn = [on, ...Array.from({ length: 300 }, (_, side): StreamId => `task/1/${1000 * (n + 1) + side}`)]
        await change(store, chain[n] as StreamId, `c${n}`, [{ dependsOn }])
      }
      const [first, last] = [chain[0] as StreamId, chain.at(-1) as StreamId]
      expect(await change(store, last, 'd', [{ dependsOn: [first] }])).toEqual({ ...CYCLE, path: chain })
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
        expect(results).toContainEqual(CYCLE)
        await change(stores[0] as Store, a, `c${n}`, [{ dependsOn: [] }])
        await change(stores[1] as Store, b, `d${n}`, [{ dependsOn: [] }])
      }
    })

    it('takes in a cycle that replicas hold between them, and lives on with it', async () => {
      const { store, harness } = await use()
      await importEdges(store, task(1), [task(2)])
      await importEdges(store, task(2), [task(1)])
      expect(await change(store, task(3), 'c1', [{ dependsOn: [task(1)] }])).toEqual({ ok: true })
      expect(await change(store, task(1), 'c2', [{ dependsOn: [task(2), task(4)] }])).toEqual({ ok: true })
      // Over the edge that the imported cycle is closed by.
      expect(await change(store, task(4), 'c3', [{ dependsOn: [task(2)] }])).toEqual(CYCLE)
      expect(await change(store, task(1), 'c4', [{ dependsOn: [task(4)] }])).toEqual({ ok: true })
      const edges = await edgesOf(store)
      expect(hasCycle(edges)).toBe(false)
      await expectOrder(harness, edges)
      expect(await store.log.rebuild(fold)).toBe(0)
    })

    it('gets its levels back from a rebuild', async () => {
      const { store, harness } = await use()
      await change(store, task(1), 'c1', [{ dependsOn: [task(2)] }])
      await change(store, task(3), 'c2', [{ dependsOn: [task(1)] }])
      await harness.run(`delete from levels where stream = '${task(3)}'`)
      await harness.run(`insert into levels (stream, level) values ('${task(2)}', ${2 ** 40})`)
      await harness.run(`insert into loops (stream, depends_on) values ('${task(5)}', '${task(6)}')`)
      expect(await store.log.rebuild(fold)).toBe(3)
      await expectOrder(harness, await edgesOf(store))
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

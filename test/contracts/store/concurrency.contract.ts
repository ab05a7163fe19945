/** Many writers over several connections: each race has exactly one winner, and nothing is lost or half done. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import type { AppendResult, Store } from '../../../app/engine/ports.ts'
import { change, GENESIS, makeBatch, makeWrite, sha256 } from '../history.ts'
import type { MakeHarness, StoreHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const task: StreamId = 'task/1/12'

const connections = async (harness: StoreHarness, count: number): Promise<readonly Store[]> =>
  Promise.all(Array.from({ length: count }, () => harness.open()))

const answer = (result: AppendResult): string => (result.ok ? 'ok' : result.conflict)
const count = (results: readonly AppendResult[], wanted: string): number =>
  results.filter((result) => answer(result) === wanted).length

export const concurrencyContract = (make: MakeHarness): void => {
  describe('many writers', () => {
    const use = useStore(make)

    it('lets exactly one of many first appends win', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 4)
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, n) => {
          const write = makeWrite(task, { ...GENESIS, state: null }, `c${n}`, [{ n }])
          return (stores[n % stores.length] as Store).log.append(makeBatch(`c${n}`, [write]))
        }),
      )
      expect(count(results, 'ok')).toBe(1)
      expect(count(results, 'version')).toBe(15)
      expect(await (stores[0] as Store).log.read(task)).toHaveLength(1)
    })

    it('lets nothing through that rests on a project as it was before a write to it which is done', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 4)
      const other = await harness.open()
      const ROUNDS = 12
      const restsOn = [{ stream: 'project/1', version: 0 } as const]
      const written = async (): Promise<number> => {
        const streams = await other.log.streams()
        return streams.filter((stream) => stream !== 'project/1').length
      }
      /** Sixteen at a time, each goes on until it is refused. */
      const working = Promise.all(
        Array.from({ length: 16 }, async (_, at) => {
          const results: AppendResult[] = []
          for (let n = 1; n <= ROUNDS && results.every(({ ok }) => ok); n += 1) {
            const stream: StreamId = `task/1/${at * ROUNDS + n}`
            results.push(await change(stores[at % 4] as Store, stream, `c${stream}`, [{ n }], { restsOn }))
          }
          return results
        }),
      )
      while ((await written()) < 16) await nextTurn()
      expect(await change(other, 'project/1', 'kill', [{ n: 0 }])).toEqual({ ok: true })
      const then = await written()
      const results = (await working).flat()
      expect(await written()).toBe(then)
      expect(count(results, 'ok')).toBe(then)
      expect(count(results, 'version')).toBe(results.length - then)
    })

    it('runs one cause once, on whatever streams and connections it arrives', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 4)
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, n) => {
          const stream: StreamId = `task/1/${n}`
          const write = makeWrite(stream, { ...GENESIS, state: null }, 'same', [{ n }])
          return (stores[n % stores.length] as Store).log.append(makeBatch('same', [write]))
        }),
      )
      expect(count(results, 'ok')).toBe(1)
      expect(count(results, 'cause')).toBe(11)
      const outcomes = results.flatMap((result) => (!result.ok && result.conflict === 'cause' ? [result.outcome] : []))
      const [stream] = await (stores[0] as Store).log.streams()
      expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
      expect(outcomes[0]).toMatchObject({ ok: true, stream, version: 1 })
    })

    it('loses no append of writers that load again after a conflict', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 3)
      const WRITERS = 6
      const EACH = 5
      const write = async (store: Store, writer: number): Promise<void> => {
        for (let n = 0; n < EACH;) {
          const result = await change(store, task, `w${writer}-${n}`, [{ writer, n }])
          if (result.ok) n += 1
          else expect(result.conflict).toBe('version')
        }
      }
      await Promise.all(Array.from({ length: WRITERS }, (_, n) => write(stores[n % stores.length] as Store, n)))
      const events = await (stores[0] as Store).log.read(task)
      expect(events).toHaveLength(WRITERS * EACH)
      expect(new Set(events.map((event) => event.cause)).size).toBe(WRITERS * EACH)
      expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
    })

    it('never lets two appends pass on the same version of a guard', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 4)
      for (const expectedVersion of [0, 1]) {
        const guards = [{ name: 'budget/1', expectedVersion }]
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, n) =>
            change(stores[n % stores.length] as Store, `task/1/${n}`, `g${expectedVersion}-${n}`, [{ n }], { guards }),
          ),
        )
        expect(count(results, 'ok')).toBe(1)
        expect(count(results, 'guard')).toBe(11)
        expect(await (stores[0] as Store).log.guardVersion('budget/1')).toBe(expectedVersion + 1)
      }
    })

    it('gets through appends that name the same streams in opposite orders', async () => {
      const { harness } = await use()
      const stores = await connections(harness, 4)
      const streams: readonly StreamId[] = ['project/1', 'task/1/1', 'task/1/2', 'task/1/3']
      const write = async (store: Store, writer: number): Promise<void> => {
        const ordered = writer % 2 === 0 ? streams : streams.toReversed()
        for (let n = 0; n < 4;) {
          const cause = `m${writer}-${n}`
          const writes = []
          for (const stream of ordered) writes.push(makeWrite(stream, await store.log.load(stream), cause, [{ n }]))
          const outbox = ordered.map((key) => ({
            key,
            kind: 'x',
            queue: null,
            payload: n,
            dueAt: 0,
            lane: 'result' as const,
          }))
          if ((await store.log.append(makeBatch(cause, writes, { outbox }))).ok) n += 1
        }
      }
      await Promise.all(Array.from({ length: 4 }, (_, n) => write(stores[n] as Store, n)))
      const store = stores[0] as Store
      for (const stream of streams) expect(await store.log.load(stream)).toMatchObject({ version: 16 })
    })
  })
}

/** The same random history on both stores: the same dump to the byte, which is what the plain fold says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../app/domain/event/canonical-json.ts'
import type { StoredEvent, StreamId } from '../../app/domain/event/envelope.ts'
import { change, fold } from './history.ts'
import { canTestPostgres } from './postgres-server.ts'
import { useStore } from './store/use-store.ts'
import { makePostgresHarness, makeSqliteHarness } from './store-harness.ts'

const stream = fc.constantFrom<StreamId>('task/1/1', 'task/1/2', 'task/1/10', 'task/2/1', 'project/1', 'project/2')
const data = fc.oneof(
  fc.record({ title: fc.string({ unit: 'binary' }) }),
  fc.record({ any: fc.jsonValue() }),
  fc.record({ dependsOn: fc.subarray(['task/1/1', 'task/1/2', 'task/9/9', 'task/1/10']) }),
)
const history = fc.array(fc.tuple(stream, fc.array(data, { minLength: 1, maxLength: 3 })), {
  maxLength: 15,
  size: 'max',
})

const expectedDump = (events: ReadonlyMap<StreamId, readonly StoredEvent[]>): string => {
  const rows = [...events].map(([stream, all]) => {
    const state = JSON.parse(fold(stream, null, all).state) as { dependsOn?: readonly string[] }
    return {
      stream,
      row: { state, version: all.length },
      edges: stream.startsWith('task/') ? (state.dependsOn ?? []).toSorted() : [],
    }
  })
  const ofKind = (kind: string) =>
    Object.fromEntries(rows.filter((row) => row.stream.startsWith(kind)).map(({ stream, row }) => [stream, row]))
  const edges = Object.fromEntries(rows.filter((row) => row.edges.length > 0).map((row) => [row.stream, row.edges]))
  return canonicalJson({ books: {}, edges, projects: ofKind('project/'), tasks: ofKind('task/') })
}

describe.skipIf(!canTestPostgres())('SQLite and Postgres', () => {
  const useSqlite = useStore(makeSqliteHarness)
  const usePostgres = useStore(makePostgresHarness)

  it('dump the same bytes for the same history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const stores = [(await useSqlite()).store, (await usePostgres()).store]
        const dumps = []
        for (const store of stores) {
          for (const [n, [stream, changes]] of steps.entries()) await change(store, stream, `c${n}`, changes)
          dumps.push(await store.projections.dump())
        }
        const [sqlite] = stores
        const events = new Map<StreamId, readonly StoredEvent[]>()
        for (const stream of (await sqlite?.log.streams()) ?? [])
          events.set(stream, (await sqlite?.log.read(stream)) ?? [])
        expect(dumps[0]).toBe(expectedDump(events))
        expect(dumps[1]).toBe(dumps[0])
      }),
      { numRuns: 12 },
    )
  })
})

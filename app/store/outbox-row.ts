/** Puts outbox items in place. An item whose key is there already coalesces with it: newest payload, earliest due time, most urgent lane. */
import { sql } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { Lane, OutboxItem } from '../engine/ports.ts'
import { inChunks } from './chunks.ts'
import type { Connection } from './database.ts'

/** Most urgent first; the column holds the position. */
export const LANES = ['command', 'result', 'cosmetic'] as const satisfies readonly Lane[]

interface OutboxPut {
  readonly key: string
  readonly kind: string
  readonly queue: string | null
  readonly payload: string
  readonly due_at: number
  readonly lane: number
}

export const putOutbox = (db: Connection, items: readonly OutboxItem[]): Promise<void> =>
  inChunks(coalesce(items), (chunk) => {
    /** What is being worked on right now has used up its due time and lane; the new work brings its own. */
    const taken = sql`outbox.claimed_until > 0 and outbox.claimed_generation = outbox.generation`
    const lesser = (column: 'due_at' | 'lane') =>
      sql<number>`case when (${taken}) or excluded.${sql.ref(column)} < outbox.${sql.ref(column)}
        then excluded.${sql.ref(column)} else outbox.${sql.ref(column)} end`
    return db
      .insertInto('outbox')
      .values(
        chunk.map((put) => ({
          ...put,
          generation: 1,
          tries: 0,
          claimed_until: 0,
          claimed_generation: 0,
          claim: null,
          error: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet({
          kind: sql<string>`excluded.kind`,
          queue: sql<string | null>`excluded.queue`,
          payload: sql<string>`excluded.payload`,
          due_at: lesser('due_at'),
          lane: lesser('lane'),
          generation: sql<number>`outbox.generation + 1`,
        }),
      )
      .execute()
  })

/** One row per key, sorted by key: a statement may touch a row only once, and everyone locks in the same order. */
const coalesce = (items: readonly OutboxItem[]): readonly OutboxPut[] => {
  const puts = new Map<string, OutboxPut>()
  for (const { key, kind, queue, payload, dueAt, lane } of items) {
    const earlier = puts.get(key)
    puts.set(key, {
      key,
      kind,
      queue,
      payload: canonicalJson(payload),
      due_at: Math.min(dueAt, earlier?.due_at ?? dueAt),
      lane: Math.min(LANES.indexOf(lane), earlier?.lane ?? LANES.length),
    })
  }
  return [...puts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

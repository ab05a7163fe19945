/** Puts a stream in place that was read from a replica. Whether to believe the replica was decided before. */
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StoredEvent } from '../domain/event/envelope.ts'
import { GENESIS_HASH } from '../domain/event/hash-chain.ts'
import type { ImportedStream, Outcome } from '../engine/ports.ts'
import { addToBooks } from './book-row.ts'
import { inChunks } from './chunks.ts'
import type { Connection, Database } from './database.ts'
import { insertEvents } from './event-row.ts'
import { putFindings } from './finding-index.ts'
import { putSpots } from './issue-spots.ts'
import { putLeases } from './lease-row.ts'
import { NO_EDGES, putEdges } from './put-edges.ts'
import { booksAdded, lockStreams, putStream, streamRow, type LockedStream } from './stream-row.ts'

/**
 * False, and nothing written, when the stream here is further already or is no beginning of the imported one.
 * The causes of the imported events count as done, so that a restored database never runs a command twice.
 */
export const importStream = (database: Database, imported: ImportedStream): Promise<boolean> =>
  database.write(async (db) => {
    const { stream, base, events, older = [], state, index, leases } = imported
    const before = (await lockStreams(database, db, [stream])).get(stream)
    const start = { version: base?.version ?? 0, head: base?.head ?? GENESIS_HASH }
    const end = events.at(-1)
    const head = end === undefined ? start : { version: end.version, head: end.hash }
    if (before !== undefined && !isBeginning(before, start, events)) return false
    if (before?.version === head.version) return true
    const row = streamRow(stream, { ...head, state }, index)
    if (!(await putStream(db, row, before))) return false
    // Replicas of different ages may hold a cycle between them: they are facts all the same, and people can drop an edge.
    await putEdges(database, db, [{ stream, before: before?.depends_on ?? NO_EDGES, after: row.depends_on }])
    await putFindings(db, stream, index)
    await putSpots(db, stream, index)
    // Where our own events reach the base or further, replaying can go on from where it started before.
    if (base !== null && (before?.version ?? 0) < base.version) {
      const columns = { version: base.version, head: base.head, state: base.state }
      await db
        .insertInto('bases')
        .values({ stream, ...columns })
        .onConflict((conflict) => conflict.column('stream').doUpdateSet(columns))
        .execute()
    }
    const added = [...older, ...events].filter((event) => event.version > (before?.version ?? 0))
    await insertEvents(db, added)
    await keepCauses(database, db, added)
    await putLeases(db, leases)
    // What was granted elsewhere was granted: limits hold for what is granted here.
    await addToBooks(db, booksAdded(before, row))
    return true
  })

/** A gap between our newest event and the base cannot be compared; the caller has believed the base. */
const isBeginning = (
  before: LockedStream,
  start: { readonly version: number; readonly head: string },
  events: readonly StoredEvent[],
): boolean => {
  if (before.version < start.version) return true
  if (before.version === start.version) return before.head === start.head
  return events.find((event) => event.version === before.version)?.hash === before.head
}

const keepCauses = async (database: Database, db: Connection, events: readonly StoredEvent[]): Promise<void> => {
  const outcomes = new Map<string, Outcome>()
  for (const { cause, stream, version } of events) outcomes.set(cause, { ok: true, stream, version })
  const sorted = [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))
  await inChunks(sorted, (chunk) =>
    db
      .insertInto('outcomes')
      .values(chunk.map(([cause, outcome]) => ({ cause, outcome: canonicalJson(outcome), at: database.now() })))
      .onConflict((conflict) => conflict.column('cause').doNothing())
      .execute(),
  )
}

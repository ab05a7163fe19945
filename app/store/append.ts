/** One command's whole effect in one transaction: its outcome, events, heads, leases, guards and outbox items, or nothing. */
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { Book } from '../domain/budget/books.ts'
import { GENESIS_HASH } from '../domain/event/hash-chain.ts'
import type { AppendBatch, AppendResult, Guard, Outcome, StreamWrite } from '../engine/ports.ts'
import { passedCap } from './caps.ts'
import type { Connection, Database } from './database.ts'
import { addToBooks } from './book-row.ts'
import { insertEvents } from './event-row.ts'
import { putFindings } from './finding-index.ts'
import { putSpots } from './issue-spots.ts'
import { putLeases } from './lease-row.ts'
import { putOutbox } from './outbox-row.ts'
import { NO_EDGES, putEdges, type EdgeChange } from './put-edges.ts'
import { stillStands } from './still-stands.ts'
import { StoreFault } from './store-fault.ts'
import { booksAdded, lockStreams, putStream, streamRow } from './stream-row.ts'

/** Leaves the transaction, so that it is rolled back, with the answer for the caller. */
class Conflict extends Error {
  readonly result: AppendResult
  constructor(result: AppendResult) {
    super('conflict')
    this.result = result
  }
}

/** Locks are taken in one order by everyone: cause, streams rested on, streams sorted, caps sorted, guards sorted, edges, outbox keys sorted, books sorted. */
export const append = async (database: Database, batch: AppendBatch): Promise<AppendResult> => {
  const writes = [...batch.writes].sort((a, b) => (a.stream < b.stream ? -1 : 1))
  for (const [at, write] of writes.entries()) assertWhole(write, writes[at - 1])
  try {
    await database.write(async (db) => {
      await takeCause(database, db, batch)
      if (!(await stillStands(database, db, batch))) throw new Conflict({ ok: false, conflict: 'version' })
      const { edges, books } = await appendStreams(database, db, writes)
      const passed = await passedCap(database, db, batch.caps ?? [])
      if (passed !== null) throw new Conflict({ ok: false, conflict: 'cap', cap: passed })
      for (const guard of [...batch.guards].sort((a, b) => (a.name < b.name ? -1 : 1))) await bumpGuard(db, guard)
      const path = await putEdges(database, db, edges)
      if (path !== null) throw new Conflict({ ok: false, conflict: 'cycle', path })
      if (!(await putLeases(db, batch.leases))) throw new Conflict({ ok: false, conflict: 'version' })
      await putOutbox(db, batch.outbox)
      // Last, because everybody's claims meet in these few rows.
      if (!(await addToBooks(db, books, batch))) throw new Conflict({ ok: false, conflict: 'limit' })
    })
    return { ok: true }
  } catch (error) {
    if (error instanceof Conflict) return error.result
    throw error
  }
}

const takeCause = async (database: Database, db: Connection, { cause, outcome }: AppendBatch): Promise<void> => {
  const inserted = await db
    .insertInto('outcomes')
    .values({ cause, outcome: canonicalJson(outcome), at: database.now() })
    .onConflict((conflict) => conflict.column('cause').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 0n) return
  const earlier = await findOutcome(db, cause)
  // Outcomes are never deleted, so the row that was in the way is there.
  if (earlier !== null) throw new Conflict({ ok: false, conflict: 'cause', outcome: earlier })
}

export const findOutcome = async (db: Connection, cause: string): Promise<Outcome | null> => {
  const row = await db.selectFrom('outcomes').select('outcome').where('cause', '=', cause).executeTakeFirst()
  return row === undefined ? null : (JSON.parse(row.outcome) as Outcome)
}

/** The edges and books that follow from the new states are still to be written. */
const appendStreams = async (
  database: Database,
  db: Connection,
  writes: readonly StreamWrite[],
): Promise<{ readonly edges: readonly EdgeChange[]; readonly books: readonly Book[] }> => {
  const locked = await lockStreams(
    database,
    db,
    writes.map((write) => write.stream),
  )
  for (const write of writes) {
    const before = locked.get(write.stream)
    if ((before?.version ?? 0) !== write.expectedVersion) throw new Conflict({ ok: false, conflict: 'version' })
    const first = write.events[0]
    if (first !== undefined && first.prev !== (before?.head ?? GENESIS_HASH)) throw brokenChain(write)
  }
  const changed = writes.filter((write) => write.events.length > 0)
  const edges: EdgeChange[] = []
  const books: Book[] = []
  for (const write of changed) {
    const head = { version: write.expectedVersion + write.events.length, head: headOf(write), state: write.state }
    const row = streamRow(write.stream, head, write.index)
    const before = locked.get(write.stream)
    if (!(await putStream(db, row, before))) throw new Conflict({ ok: false, conflict: 'version' })
    edges.push({ stream: write.stream, before: before?.depends_on ?? NO_EDGES, after: row.depends_on })
    books.push(...booksAdded(before, row))
    await putFindings(db, write.stream, write.index)
    await putSpots(db, write.stream, write.index)
  }
  await insertEvents(
    db,
    changed.flatMap((write) => write.events),
  )
  return { edges, books }
}

const bumpGuard = async (db: Connection, { name, expectedVersion }: Guard): Promise<void> => {
  const [changed] =
    expectedVersion === 0
      ? await db
          .insertInto('guards')
          .values({ name, version: 1 })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute()
          .then((results) => results.map((result) => result.numInsertedOrUpdatedRows))
      : await db
          .updateTable('guards')
          .set({ version: expectedVersion + 1 })
          .where('name', '=', name)
          .where('version', '=', expectedVersion)
          .execute()
          .then((results) => results.map((result) => result.numUpdatedRows))
  if (changed !== 1n) throw new Conflict({ ok: false, conflict: 'guard' })
}

const headOf = (write: StreamWrite): string => write.events.at(-1)?.hash ?? GENESIS_HASH

const brokenChain = (write: StreamWrite): StoreFault =>
  new StoreFault('broken-chain', `The events for ${write.stream} do not continue its chain; nothing was written.`)

/** Only links are compared here; recomputing the hashes is the caller's. */
const assertWhole = (write: StreamWrite, before: StreamWrite | undefined): void => {
  let prev = write.events[0]?.prev
  let version = write.expectedVersion
  for (const event of write.events) {
    version += 1
    if (event.stream !== write.stream || event.version !== version || event.prev !== prev) throw brokenChain(write)
    prev = event.hash
  }
  if (before?.stream === write.stream) throw brokenChain(write)
}

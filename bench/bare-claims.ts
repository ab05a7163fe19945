/** The least that a claim can be: one transaction under the store's lock that takes the first ready task and writes the rows that a claim writes. Decides and checks nothing. */
import { sql } from 'kysely'
import { canonicalJson } from '../app/domain/event/canonical-json.ts'
import type { StreamId } from '../app/domain/event/envelope.ts'
import type { Settings } from '../app/domain/settings.ts'
import { effectsOf } from '../app/engine/effects-of.ts'
import { parseTask, taskIndex } from '../app/engine/fold.ts'
import type { Database } from '../app/store/database.ts'
import { insertEvents } from '../app/store/event-row.ts'
import { putLeases } from '../app/store/lease-row.ts'
import { putOutbox } from '../app/store/outbox-row.ts'
import { addToBooks } from '../app/store/book-row.ts'
import { booksAdded, streamRow } from '../app/store/stream-row.ts'
import { after, claimOf, PROJECT, readyTask, sha256 } from './claims-world.ts'

/** Worked out before anything is timed. */
export const prepareBare = (from: number, to: number, settings: Settings) => {
  const configSha256 = sha256(canonicalJson(settings))
  return new Map(
    Array.from({ length: to - from + 1 }, (_, index) => {
      const ready = readyTask(from + index)
      const actor = { kind: 'agent', id: `a${index % 64}` } as const
      const now = Date.now()
      const command = { ...claimOf(actor.id), configSha256 }
      const claimed = after(ready, [{ command, actor, cause: `bare:${ready.stream}`, at: now }], settings)
      const events = claimed.events.slice(ready.events.length)
      const last = events.at(-1)
      if (last === undefined) throw new Error('a claim is an event')
      const task = parseTask(claimed.state)
      if (task === null) throw new Error('a claimed task is a task')
      const head = { version: last.version, head: last.hash, state: claimed.state }
      const { stream: _stream, ...columns } = streamRow(claimed.stream, head, taskIndex(task))
      const outcome = canonicalJson({ ok: true, stream: claimed.stream, version: last.version })
      const leases = [{ stream: claimed.stream, fence: { epoch: 1, n: 1 }, until: now + 1_800_000 }]
      const outbox = effectsOf(claimed.stream, events, { now })
      const books = booksAdded(undefined, columns)
      return [claimed.stream, { columns, events, outcome, leases, outbox, books }] as const
    }),
  )
}

export const claimBare = (database: Database, prepared: ReturnType<typeof prepareBare>): Promise<void> =>
  database.write(async (db) => {
    const { rows } = await sql<{ stream: string }>`select stream from streams
      where project = ${PROJECT} and status = 'ready' order by rank, stream limit 1
      ${database.dialect === 'postgres' ? sql`for update skip locked` : sql``}`.execute(db)
    const stream = rows[0]?.stream as StreamId
    const claim = prepared.get(stream)
    if (claim === undefined) throw new Error(`no claim was prepared for ${stream}`)
    const cause = `bare:${stream}`
    await db.insertInto('outcomes').values({ cause, outcome: claim.outcome, at: database.now() }).execute()
    await db.updateTable('streams').set(claim.columns).where('stream', '=', stream).execute()
    await insertEvents(db, claim.events)
    await putLeases(db, claim.leases)
    await putOutbox(db, claim.outbox)
    if (claim.books.length > 0) await addToBooks(db, claim.books)
  })

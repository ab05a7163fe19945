/**
 * A process of its own on the same database. Arguments: the place as JSON, what to do, a name, how many appends.
 * Writes one line to stdout for each thing that the store has acknowledged, at once, so that a kill loses no line.
 */
import { writeSync } from 'node:fs'
import type { StreamId } from '../../app/domain/event/envelope.ts'
import type { Store } from '../../app/engine/ports.ts'
import { createPostgresStore } from '../../app/store/postgres/create-postgres-store.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { makeBatch, makeWrite } from './history.ts'
import { FIRST_MOMENT, type StorePlace } from './store-harness.ts'

const [placeJson = '', what = '', name = '', count = '0'] = process.argv.slice(2)
const place = JSON.parse(placeJson) as StorePlace
const store: Store =
  'sqlite' in place
    ? await createSqliteStore({ path: place.sqlite, clock: { now: () => FIRST_MOMENT } })
    : await createPostgresStore({ url: place.postgres })
const acknowledge = (line: string): void => void writeSync(1, `${line}\n`)

/** Appends to a stream of its own and to one that all share, as long as others are in between. */
const appendOnce = async (n: number): Promise<void> => {
  const cause = `${name}-${n}`
  const streams: readonly StreamId[] = [`task/1/${(n % 5) + 1}`, 'project/1']
  for (;;) {
    const writes = []
    for (const stream of streams) writes.push(makeWrite(stream, await store.log.load(stream), cause, [{ [name]: n }]))
    const outbox = [{ key: cause, kind: 'x', queue: null, payload: n, dueAt: 0, lane: 'result' as const }]
    const result = await store.log.append(makeBatch(cause, writes, { outbox }))
    if (result.ok) return acknowledge(`append ${cause}`)
    if (result.conflict === 'cause') throw new Error(`${cause} was there already`)
  }
}

const putOnce = async (n: number): Promise<void> => {
  const id = `${name}-${n}`
  const delivery = { id, name: 'push', queue: null, order: 0, body: '{}', receivedAt: 0, notBefore: 0 }
  await store.inbox.put([delivery])
  acknowledge(`put ${id}`)
}

acknowledge('open')
if (what === 'append') for (let n = 0; n < Number(count); n++) await appendOnce(n)
if (what === 'until-killed') for (let n = 0; ; n++) await Promise.all([appendOnce(n), putOnce(n)])
await store.close()

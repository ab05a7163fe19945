/**
 * Claims of the next task per second, 64 claimers on ten thousand ready tasks, against a bare transaction that writes the same
 * rows under the same lock; and whether reading the order, claiming and writing cost the same however much there is.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createClaimNext } from '../app/engine/claim-next.ts'
import { handleCommand } from '../app/engine/handle-command.ts'
import type { Store } from '../app/engine/ports.ts'
import { createStore } from '../app/store/create-store.ts'
import type { Database } from '../app/store/database.ts'
import { openPostgresDatabase } from '../app/store/postgres/postgres-database.ts'
import { openSqliteDatabase } from '../app/store/sqlite/sqlite-database.ts'
import {
  findBinaries,
  makePostgresDir,
  POSTGRES_DIR_VARIABLE,
  postgresUrl,
  stopPostgres,
} from '../test/contracts/postgres-server.ts'
import { claimBare, prepareBare } from './bare-claims.ts'
import { after, claimOf, engineOver, fill, PROJECT, put, readyTask } from './claims-world.ts'
import { against, median, type Figures } from './figures.ts'

const READY = 10_000
const CLAIMERS = 64
const ROUNDS = 3
const CLAIMS = 640

interface Opened {
  readonly database: Database
  readonly store: Store
}

const openSqlite = async (dir: string, name: string): Promise<Opened> => {
  const database = await openSqliteDatabase({ path: join(dir, `${name}.db`), clock: { now: () => Date.now() } })
  return { database, store: await createStore(database) }
}

/** Claims per second of `total` claims, as many at a time as there are claimers. */
const rate = async (total: number, one: (claimer: number, n: number) => Promise<void>): Promise<number> => {
  let next = 0
  const started = performance.now()
  const claimer = async (_: unknown, id: number): Promise<void> => {
    for (let n = next++; n < total; n = next++) await one(id, n)
  }
  await Promise.all(Array.from({ length: CLAIMERS }, claimer))
  return (total * 1000) / (performance.now() - started)
}

const claimNextRate = async (ours: Opened, bare: Opened, name: string): Promise<Figures> => {
  await fill(ours.store, 1, READY)
  await fill(bare.store, 1, READY)
  const claimNext = createClaimNext(engineOver(ours.store))
  const prepared = prepareBare(1, READY)
  const rates = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = {
      bare: await rate(CLAIMS, () => claimBare(bare.database, prepared)),
      ours: await rate(CLAIMS, async (id, n) => {
        const { type: _, ...command } = claimOf(`a${id}`)
        const actor = { kind: 'agent', id: `a${id}` } as const
        const { outcome } = await claimNext({ stream: PROJECT, command, actor, cause: `next:${round}:${n}` })
        if (!outcome.ok) throw new Error(outcome.rejection.code)
      }),
    }
    // The first round warms up.
    if (round === 0) continue
    rates.ours.push(measured.ours)
    rates.bare.push(measured.bare)
  }
  return { [`claim-next-${name}`]: against(median(rates.ours), median(rates.bare), '1/s') }
}

const timed = async (times: number, one: (n: number) => Promise<unknown>): Promise<number> => {
  const all: number[] = []
  for (let n = 0; n < times; n += 1) {
    const started = performance.now()
    await one(n)
    all.push(performance.now() - started)
  }
  return median(all)
}

const LOOKS = 200

/** The first page of ready tasks, and one claim of the next, with so many ready. */
const atSize = async (dir: string, size: number) => {
  const { store } = await openSqlite(dir, `size-${size}`)
  await fill(store, 1, size)
  const claimNext = createClaimNext(engineOver(store))
  const { type: _, ...command } = claimOf('a1')
  const claim = (n: number) =>
    claimNext({ stream: PROJECT, command, actor: { kind: 'agent', id: 'a1' }, cause: `next:${n}` })
  await timed(20, (n) => claim(-1 - n))
  const list = await timed(LOOKS, () => store.projections.ready(PROJECT, 50))
  const claimed = await timed(LOOKS, claim)
  await store.close()
  return { list, claim: claimed }
}

const flat = async (dir: string, size: number, name: string): Promise<Figures> => {
  const [small, large] = [await atSize(dir, 1000), await atSize(dir, size)]
  return {
    [`ready-list-${name}`]: against(large.list, small.list, 'ms'),
    [`claim-${name}`]: against(large.claim, small.claim, 'ms'),
  }
}

/** One more write to a task that has so many events. */
const writeAfter = async (dir: string, events: number): Promise<number> => {
  const { store } = await openSqlite(dir, `events-${events}`)
  await fill(store, 1, 0)
  const alice = { kind: 'user', id: 'alice' } as const
  const step = (n: number) => ({ type: 'set-next-step', text: `step ${n % 10}`, fence: null }) as const
  let task = readyTask(1)
  while (task.events.length < events) {
    task = after(task, step(task.events.length), alice, `step:${task.events.length}`, Date.now())
  }
  await put(store, task)
  const engine = engineOver(store)
  const cost = await timed(LOOKS, (n) =>
    handleCommand(engine, { stream: task.stream, command: step(events + n), actor: alice, cause: `more:${n}` }),
  )
  await store.close()
  return cost
}

const inFolder = async (body: (dir: string) => Promise<Figures>): Promise<Figures> => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  try {
    return await body(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

export const claims = (): Promise<Figures> =>
  inFolder(async (dir) => {
    const [ours, bare] = [await openSqlite(dir, 'ours'), await openSqlite(dir, 'bare')]
    const onSqlite = await claimNextRate(ours, bare, 'sqlite')
    await ours.store.close()
    await bare.store.close()
    return {
      ...onSqlite,
      ...(await claimsOnPostgres()),
      ...(await flat(dir, 10_000, '10k')),
      'write-event-10k': against(await writeAfter(dir, 10_000), await writeAfter(dir, 10), 'ms'),
    }
  })

/** On request: filling takes minutes. */
export const claimsLarge = (): Promise<Figures> => inFolder((dir) => flat(dir, 100_000, '100k'))

const claimsOnPostgres = async (): Promise<Figures> => {
  if (findBinaries() === null) return {}
  const folder = makePostgresDir()
  process.env[POSTGRES_DIR_VARIABLE] = folder
  writeFileSync(join(folder, 'run.pid'), String(process.pid))
  try {
    const server = await postgresUrl()
    const open = async (schema: string): Promise<Opened> => {
      const shell = new Client({ connectionString: server })
      await shell.connect()
      await shell.query(`create schema ${schema}`)
      await shell.end()
      const database = openPostgresDatabase({
        url: `${server}&options=${encodeURIComponent(`-c search_path=${schema}`)}`,
      })
      return { database, store: await createStore(database) }
    }
    const [ours, bare] = [await open('ours'), await open('bare')]
    const figures = await claimNextRate(ours, bare, 'postgres')
    await ours.store.close()
    await bare.store.close()
    return figures
  } finally {
    await stopPostgres(folder)
  }
}

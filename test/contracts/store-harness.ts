/** How the contract suite gets at a store of either kind: the same moves, an own database for each test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Millis } from '../../app/domain/event/envelope.ts'
import type { Store } from '../../app/engine/ports.ts'
import type { Database } from '../../app/store/database.ts'
import { createPostgresStore } from '../../app/store/postgres/create-postgres-store.ts'
import { openPostgresDatabase } from '../../app/store/postgres/postgres-database.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { openSqliteDatabase } from '../../app/store/sqlite/sqlite-database.ts'
import { postgresUrl } from './postgres-server.ts'

/** Enough for another process to open the same database. */
export type StorePlace = { readonly sqlite: string } | { readonly postgres: string }

export interface StoreHarness {
  readonly place: StorePlace
  /** One more connection to the same database, closed with the harness at the latest. */
  open(): Promise<Store>
  /** The database below a store, not migrated. */
  openDatabase(): Promise<Database>
  /** Moves the store's clock on. It stands still otherwise. */
  advance(ms: Millis): Promise<void>
  now(): Millis
  /** A statement from outside the store, as an operator with a database shell would run it. */
  run(statement: string): Promise<void>
  close(): Promise<void>
}

export type MakeHarness = () => Promise<StoreHarness>

export const FIRST_MOMENT: Millis = Date.UTC(2026, 0, 5, 12)

const keeper = () => {
  const kept: { close(): Promise<void> }[] = []
  return {
    keep: async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
      const opened = await opening
      kept.push(opened)
      return opened
    },
    closeAll: async () => {
      for (const opened of kept) await opened.close()
    },
  }
}

export const makeSqliteHarness: MakeHarness = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-store-'))
  const path = join(dir, 'muster.db')
  let now = FIRST_MOMENT
  const options = { path, clock: { now: () => now } }
  const { keep, closeAll } = keeper()
  return {
    place: { sqlite: path },
    open: () => keep(createSqliteStore(options)),
    openDatabase: () => keep(openSqliteDatabase(options)),
    advance: async (ms) => {
      now += ms
    },
    now: () => now,
    run: async (statement) => {
      const shell = new DatabaseSync(path)
      try {
        shell.exec(statement)
      } finally {
        shell.close()
      }
    },
    close: async () => {
      await closeAll()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

let schemas = 0

/**
 * Each harness has a schema of its own, with a clock_timestamp() of its own that is found before the built-in one: so the
 * store really asks the server, and the test still says what time it is there.
 */
export const makePostgresHarness: MakeHarness = async () => {
  const server = await postgresUrl()
  const schema = `t${process.pid}_${++schemas}`
  const shell = new Client({ connectionString: server })
  await shell.connect()
  await shell.query(`create schema ${schema}; set search_path = ${schema}, pg_catalog;
    create table server_clock (at timestamptz not null);
    insert into server_clock values (to_timestamp(${FIRST_MOMENT / 1000}));
    create function clock_timestamp() returns timestamptz language sql volatile
      as 'select at from ${schema}.server_clock'`)
  const url = `${server}&options=${encodeURIComponent(`-c search_path=${schema},pg_catalog`)}`
  let now = FIRST_MOMENT
  const options = { url, connections: 4 }
  const { keep, closeAll } = keeper()
  return {
    place: { postgres: url },
    open: () => keep(createPostgresStore(options)),
    openDatabase: async () => keep(Promise.resolve(openPostgresDatabase(options))),
    advance: async (ms) => {
      now += ms
      await shell.query(`update server_clock set at = to_timestamp(${now}::numeric / 1000)`)
    },
    now: () => now,
    run: async (statement) => {
      await shell.query(statement)
    },
    close: async () => {
      await closeAll()
      await shell.query(`set client_min_messages = warning; drop schema ${schema} cascade`)
      await shell.end()
    },
  }
}

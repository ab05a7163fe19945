/** The stores that benches run on, opened anew: SQLite in a folder, Postgres on a server of the bench's own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Store } from '../app/engine/ports.ts'
import { createStore } from '../app/store/create-store.ts'
import type { Database } from '../app/store/database.ts'
import { openPostgresDatabase } from '../app/store/postgres/postgres-database.ts'
import { openSqliteDatabase } from '../app/store/sqlite/sqlite-database.ts'
import {
  canTestPostgres,
  makePostgresDir,
  POSTGRES_DIR_VARIABLE,
  postgresUrl,
  stopPostgres,
} from '../test/contracts/postgres-server.ts'

export interface Opened {
  readonly database: Database
  readonly store: Store
}

/** By a name that no other store of the bench has. */
export type Open = (name: string) => Promise<Opened>

export const sqliteIn =
  (dir: string): Open =>
  async (name) => {
    const database = await openSqliteDatabase({ path: join(dir, `${name}.db`), clock: { now: () => Date.now() } })
    return { database, store: await createStore(database) }
  }

/** Null: there is no Postgres on this machine. The server ends with the bench, however that ends. */
export const onPostgres = async <Result>(body: (open: Open) => Promise<Result>): Promise<Result | null> => {
  if (!canTestPostgres()) return null
  const folder = makePostgresDir()
  process.env[POSTGRES_DIR_VARIABLE] = folder
  writeFileSync(join(folder, 'run.pid'), String(process.pid))
  try {
    const server = await postgresUrl()
    return await body(async (name) => {
      const shell = new Client({ connectionString: server })
      await shell.connect()
      await shell.query(`create schema ${name}`)
      await shell.end()
      const options = encodeURIComponent(`-c search_path=${name}`)
      const database = openPostgresDatabase({ url: `${server}&options=${options}` })
      return { database, store: await createStore(database) }
    })
  } finally {
    await stopPostgres(folder)
  }
}

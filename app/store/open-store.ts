/** Chooses the store: Postgres when a database URL is set, else the embedded one in the data directory. */
import { join } from 'node:path'
import type { Clock, Store } from '../engine/ports.ts'
import { makeFolder } from './make-folder.ts'
import { assertLocalDisk } from './sqlite/local-disk.ts'
import { createSqliteStore } from './sqlite/create-sqlite-store.ts'
import { StoreFault } from './store-fault.ts'

export interface StorePlace {
  /** `postgres://…`, or null for the embedded store. */
  readonly databaseUrl: string | null
  /** Where the embedded store keeps its file; made if missing. */
  readonly dataDir: string
  /** The embedded store's clock; Postgres uses its own. */
  readonly clock: Clock
}

/** The embedded store's file within the data directory. */
export const SQLITE_FILE = 'muster.db'

/** Opens and migrates. Throws a StoreFault, whose message is one line for people, when that cannot be done. */
export const openStore = async ({ databaseUrl, dataDir, clock }: StorePlace): Promise<Store> => {
  if (databaseUrl !== null) {
    // The driver takes a while to load, and most starts do without it.
    const { createPostgresStore } = await import('./postgres/create-postgres-store.ts')
    return createPostgresStore({ url: databaseUrl })
  }
  try {
    makeFolder(dataDir)
  } catch (error) {
    throw new StoreFault('bad-place', `The data directory ${dataDir} cannot be made: choose another with --data.`, {
      cause: error,
    })
  }
  await assertLocalDisk(dataDir)
  return createSqliteStore({ path: join(dataDir, SQLITE_FILE), clock })
}

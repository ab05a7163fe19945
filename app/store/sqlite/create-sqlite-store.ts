/** The embedded store: nothing to install, one App process or a few on one machine. */
import type { Store } from '../../engine/ports.ts'
import { createStore } from '../create-store.ts'
import { openSqliteDatabase, type SqliteOptions } from './sqlite-database.ts'

/** Throws a StoreFault when the file cannot be opened, is damaged, or was last used by a newer version. */
export const createSqliteStore = async (options: SqliteOptions): Promise<Store> =>
  createStore(await openSqliteDatabase(options))

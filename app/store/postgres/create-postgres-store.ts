/** The shared store: several App replicas on one Postgres. */
import type { Store } from '../../engine/ports.ts'
import { createStore } from '../create-store.ts'
import { openPostgresDatabase, type PostgresOptions } from './postgres-database.ts'

/** Throws a StoreFault when the server does not answer, refuses, or was last used by a newer version. */
export const createPostgresStore = async (options: PostgresOptions): Promise<Store> =>
  createStore(openPostgresDatabase(options))

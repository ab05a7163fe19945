/** The embedded database: one file on a local disk, every commit synced; one connection writes, another one reads beside it. */
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import type { Clock } from '../../engine/ports.ts'
import type { Connection, Database } from '../database.ts'
import { withRetry } from '../retry.ts'
import { StoreFault } from '../store-fault.ts'
import type { Tables } from '../tables.ts'
import { markBackup, settleBackup } from './backup-mark.ts'
import { createTurnGiver } from './give-turns.ts'
import { keepPrivate } from './keep-private.ts'
import { createNodeSqliteDialect } from './node-sqlite-dialect.ts'
import { becomeSoleWorker, type SoleWorker } from './sole-worker.ts'
import { shareTransactions } from './share-transactions.ts'
import { isBusy, sqliteFault } from './sqlite-fault.ts'

/** The driver waits inside C and freezes the event loop meanwhile, so the long waits are ours (retry.ts). Our transactions take 1 ms or less. */
const BUSY_TIMEOUT_MS = 10

export interface SqliteOptions {
  /** A file on a local disk, or `:memory:`. */
  readonly path: string
  readonly clock: Clock
}

/** Opens the file, makes it if need be. Does not migrate. */
export const openSqliteDatabase = async ({ path, clock }: SqliteOptions): Promise<Database> => {
  const giveTurn = createTurnGiver()
  let isOpen = true
  let worker: SoleWorker | null = null
  const guarded = async <T>(body: () => Promise<T>): Promise<T> => {
    await giveTurn()
    if (!isOpen) throw new StoreFault('closed', 'The store is closed.')
    try {
      return await withRetry(isBusy, body)
    } catch (error) {
      throw sqliteFault(path, error)
    }
  }
  const raw = await guarded(async () => {
    if (path !== MEMORY) {
      keepPrivate(path)
      await settleBackup(path)
    }
    return openConfigured(path)
  })
  const db: Connection = new Kysely<Tables>({ dialect: createNodeSqliteDialect(raw) })
  // Reads need not wait for writes; a database in memory belongs to its one connection.
  const rawReader = path === MEMORY ? raw : await guarded(async () => openConfigured(path, { readOnly: true }))
  const reader: Connection =
    rawReader === raw ? db : new Kysely<Tables>({ dialect: createNodeSqliteDialect(rawReader) })
  const write = shareTransactions((body) => guarded(() => db.transaction().execute(body)), isBusy)
  return {
    dialect: 'sqlite',
    now: () => sql`${clock.now()}`,
    read: (body) => guarded(() => body(reader)),
    write: (body) => guarded(() => write(body)),
    startWorking: () => {
      if (path === MEMORY) return 'sole'
      worker ??= becomeSoleWorker(path)
      return worker === null ? 'taken' : 'sole'
    },
    backup: (target) => guarded(() => backup(db, target)),
    close: async () => {
      isOpen = false
      worker?.release()
      await reader.destroy()
      await db.destroy()
      // Kysely closes the file only after a first query.
      for (const file of [rawReader, raw]) if (file.isOpen) file.close()
    },
  }
}

const MEMORY = ':memory:'

/** Of pages that a connection has read, at most; SQLite's own 2 MB are too few for walks through a large graph. */
const CACHE_KB = 16_384

const openConfigured = (path: string, { readOnly = false } = {}): DatabaseSync => {
  const raw = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true, readOnly })
  try {
    raw.exec(`pragma cache_size = -${CACHE_KB}`)
    if (readOnly) return raw
    raw.exec('pragma journal_mode = wal')
    raw.exec('pragma synchronous = full')
    return raw
  } catch (error) {
    raw.close()
    throw error
  }
}

const backup = async (db: Connection, target: string): Promise<void> => {
  try {
    // Made first, so that it is never readable by others and never overwrites an older backup.
    await (await open(target, 'wx', 0o600)).close()
  } catch (error) {
    throw new StoreFault('backup', `Cannot make ${target}: choose a path that does not exist in a folder that does.`, {
      cause: error,
    })
  }
  await sql`vacuum into ${target}`.execute(db)
  markBackup(target)
  // SQLite does not sync the copy itself.
  for (const path of [target, dirname(target)]) {
    const handle = await open(path, 'r')
    await handle.sync()
    await handle.close()
  }
}

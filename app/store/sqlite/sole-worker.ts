/**
 * One App process works on an embedded database at a time. The lock is SQLite's own on an empty file beside it: the operating
 * system lets go of it when the process dies, however it dies.
 */
import { DatabaseSync } from 'node:sqlite'
import { keepPrivate } from './keep-private.ts'
import { isBusy } from './sqlite-fault.ts'

export interface SoleWorker {
  release(): void
}

/** Null when another process works on the same database. */
export const becomeSoleWorker = (databasePath: string): SoleWorker | null => {
  const path = `${databasePath}.worker`
  keepPrivate(path)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (isBusy(error)) return null
    throw error
  }
  return { release: () => lock.close() }
}

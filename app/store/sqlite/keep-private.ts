/** The database's files are read and written by their owner only, also in a folder that others may look into. */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'

const OWNER_ONLY = 0o600
const COMPANIONS = ['-wal', '-shm']

/** Makes the file if need be; SQLite gives what it keeps beside it the same mode. What cannot be done here, SQLite finds words for. */
export const keepPrivate = (path: string): void => {
  try {
    closeSync(openSync(path, 'a', OWNER_ONLY))
    for (const file of [path, ...COMPANIONS.map((end) => path + end)]) if (existsSync(file)) chmodSync(file, OWNER_ONLY)
  } catch {
    // The file may be another user's, or the disk read-only.
  }
}

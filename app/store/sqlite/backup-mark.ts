/**
 * A backup that is put in the place of a database whose process was killed finds that one's write-ahead log beside it, and
 * SQLite would play it onto the backup and ruin it. So backups carry a mark in their header: a log beside a marked file is
 * not its own and goes. The first open takes the mark off before it writes anything else.
 */
import { closeSync, mkdirSync, openSync, readSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** SQLite's user_version, which nothing else here uses. */
const MARK = 0x4d42
/** Of the big-endian 32-bit user_version: https://www.sqlite.org/fileformat.html#the_database_header */
const USER_VERSION_OFFSET = 60

/** Files that SQLite keeps beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal']

const SETTLING_POLL_MS = 20
/** Taking a mark off takes milliseconds: a lock this old is a dead process's. */
const SETTLING_MS = 5000

export const markBackup = (path: string): void => setUserVersion(path, MARK)

/** Called before a database is opened. Does nothing unless the file is a backup that was never opened. */
export const settleBackup = async (path: string): Promise<void> => {
  if (!isMarked(path)) return
  const lock = `${path}-settling`
  await takeLock(lock)
  try {
    // Another process may have been faster, and then the log beside it is its own.
    if (!isMarked(path)) return
    for (const companion of COMPANIONS) rmSync(path + companion, { force: true })
    setUserVersion(path, 0)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Anything but a readable file is not marked: SQLite finds the words for it. */
const isMarked = (path: string): boolean => {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const header = Buffer.alloc(4)
  const file = openSync(path, 'r')
  try {
    return readSync(file, header, 0, 4, USER_VERSION_OFFSET) === 4 && header.readInt32BE() === MARK
  } finally {
    closeSync(file)
  }
}

/** Backups are not in WAL mode, so that this is in the file itself when it returns. */
const setUserVersion = (path: string, version: number): void => {
  const file = new DatabaseSync(path)
  try {
    file.exec(`pragma user_version = ${version}`)
  } finally {
    file.close()
  }
}

const takeLock = async (lock: string): Promise<void> => {
  for (let waited = 0; ; waited += SETTLING_POLL_MS) {
    try {
      return mkdirSync(lock)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (waited >= SETTLING_MS) {
      rmdirSync(lock)
      waited = 0
    }
    await sleep(SETTLING_POLL_MS)
  }
}

/**
 * Which GitHub an embedded database belongs to. Every start of a sandbox is another GitHub with the same names and numbers in
 * it, and a database of one would answer for another's issues. The mark is in the database's header, so that it stays with a
 * copy. What becomes of a database of another world is decided elsewhere.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { settleBackup } from './backup-mark.ts'
import { keepPrivate } from './keep-private.ts'
import { becomeSoleWorker } from './sole-worker.ts'

/** A sandbox's number, 1 to 2^31 − 1; 0 is GitHub itself. SQLite's application_id, which nothing else here uses. */
export type World = number

/** The database itself first: cut off after it, what SQLite kept beside it is thrown away with the next one. */
const FILES = ['', '-wal', '-shm']

/** Null: there is no database, or an empty one. Throws SQLite's error when it cannot be read. */
export const readWorld = async (path: string): Promise<World | null> => {
  if (!existsSync(path)) return null
  await settleBackup(path)
  const file = new DatabaseSync(path)
  try {
    const { page_count: pages } = file.prepare('pragma page_count').get() ?? {}
    return pages === 0 ? null : Number(file.prepare('pragma application_id').get()?.['application_id'])
  } finally {
    file.close()
  }
}

/** For a database that is not there yet: makes it, empty, with its mark. */
export const markWorld = (path: string, world: World): void => {
  keepPrivate(path)
  const file = new DatabaseSync(path)
  try {
    file.exec(`pragma application_id = ${world}`)
  } finally {
    file.close()
  }
}

/** Moves the database into the folder `earlier` beside it, in the place of what was there. False, and nothing is moved: somebody works on it. */
export const setAside = (path: string): boolean => {
  const worker = becomeSoleWorker(path)
  if (worker === null) return false
  try {
    const to = earlierOf(path)
    rmSync(to, { recursive: true, force: true })
    mkdirSync(to, { mode: 0o700 })
    for (const end of FILES) if (existsSync(path + end)) renameSync(path + end, join(to, basename(path) + end))
    return true
  } finally {
    worker.release()
  }
}

export const earlierOf = (path: string): string => join(dirname(path), 'earlier')

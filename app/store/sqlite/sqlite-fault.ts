/** Tells SQLite's errors apart by their number, never by their text. */
import { StoreFault } from '../store-fault.ts'

/** Result codes from https://www.sqlite.org/rescode.html; extended codes carry them in the low byte. */
const SQLITE = { BUSY: 5, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const

const resultCode = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null

export const isBusy = (error: unknown): boolean => resultCode(error) === SQLITE.BUSY

/** The fault for an error of the database; any other error as it is. */
export const sqliteFault = (path: string, error: unknown): unknown => {
  if (error instanceof Error && 'code' in error && error.code === 'EACCES') return unopenable(path, error)
  switch (resultCode(error)) {
    case null:
      return error
    case SQLITE.FULL:
      return new StoreFault('disk-full', `No room left to write ${path}: free some space; nothing was lost.`, {
        retryable: true,
        cause: error,
      })
    case SQLITE.READONLY:
      return new StoreFault('read-only', `${path} cannot be written: check the rights of file and folder.`, {
        cause: error,
      })
    case SQLITE.CANTOPEN:
      return unopenable(path, error)
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new StoreFault(
        'corrupt',
        `${path} is not an intact database: put a backup in its place, or move it away and restore from GitHub.`,
        { cause: error },
      )
    default:
      return new StoreFault('database', `The database ${path} refused: ${(error as Error).message}`, { cause: error })
  }
}

const unopenable = (path: string, cause: unknown): StoreFault =>
  new StoreFault('bad-place', `${path} cannot be opened: check that its folder exists and may be written.`, { cause })

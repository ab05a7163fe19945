/** Tells Postgres' errors apart by SQLSTATE, never by their text. Messages name the place without user or password. */
import { DatabaseError } from 'pg'
import { StoreFault } from '../store-fault.ts'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOST_RACES: ReadonlySet<string> = new Set(['40001', '40P01'])

export const isLostRace = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code !== undefined && LOST_RACES.has(error.code)

/** The fault for an error that a connection gave. `place` is `host:port/database`. */
export const postgresFault = (place: string, error: unknown): StoreFault => {
  if (error instanceof StoreFault) return error
  if (!(error instanceof DatabaseError)) return unreachable(place, error)
  const fault = (code: StoreFault['code'], message: string, retryable = false) =>
    new StoreFault(code, message, { retryable, cause: error })
  switch (error.code) {
    case '28P01':
    case '28000':
      return fault('unreachable', `Postgres at ${place} refuses the user or the password: correct DATABASE_URL.`)
    case '3D000':
      return fault(
        'unreachable',
        `Postgres has no such database (${place}): make it with createdb, or correct DATABASE_URL.`,
      )
    case '42501':
      return fault('unreachable', `The user of DATABASE_URL lacks rights on ${place}: let it create and use tables.`)
    case '53300':
      return fault('unreachable', `Postgres at ${place} has no free connection: raise max_connections.`, true)
    case '53100':
      return fault('disk-full', `Postgres at ${place} has no room left on its disk; nothing was lost.`, true)
    case '25006':
      return fault('read-only', `Postgres at ${place} is read-only: point DATABASE_URL at the primary.`)
    case '55P03':
    case '57014':
      return fault('busy', `Postgres at ${place} was busy for too long; the call may be repeated.`, true)
    default:
      return isConnectionState(error.code)
        ? unreachable(place, error)
        : fault('database', `Postgres at ${place} refused: ${error.message} (${error.code ?? 'no code'})`)
  }
}

/** Class 08 is the connection itself, 57P is a server that stops or starts. */
const isConnectionState = (code: string | undefined): boolean =>
  code !== undefined && (code.startsWith('08') || code.startsWith('57P'))

const unreachable = (place: string, error: unknown): StoreFault => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return new StoreFault(
    'unreachable',
    `Postgres at ${place} does not answer${code}: check that it runs and that DATABASE_URL is right.`,
    { retryable: true, cause: error },
  )
}

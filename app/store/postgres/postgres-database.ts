/** The database server for several replicas of the App. Its clock is everyone's clock. */
import { Client, Pool, types } from 'pg'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Millis } from '../../domain/event/envelope.ts'
import type { Connection, Database } from '../database.ts'
import { withRetry } from '../retry.ts'
import { StoreFault } from '../store-fault.ts'
import type { Tables } from '../tables.ts'
import { createFaultingPool } from './faulting-pool.ts'
import { isLostRace } from './postgres-fault.ts'
import { createTurns } from './take-turns.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** Far longer than any transaction of ours: only a lock whose holder hangs is given up. */
const LOCK_TIMEOUT_MS = 15_000
/** A replica that freezes within a transaction loses it, so that the others go on. */
const IDLE_IN_TRANSACTION_MS = 10_000
const DEFAULT_CONNECTIONS = 10

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string
  /** At most this many at a time. */
  readonly connections?: number
}

/** Does not connect yet, and does not migrate. Throws a StoreFault when the URL cannot be read. */
export const openPostgresDatabase = ({ url, connections = DEFAULT_CONNECTIONS }: PostgresOptions): Database => {
  const place = placeOf(url)
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'muster',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    types: { getTypeParser },
  })
  // A connection that breaks while idle is replaced; one that breaks in use rejects its statement. Without listeners
  // either would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db: Connection = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: createFaultingPool(pool, place) }),
  })
  const inTurn = createTurns(connections)
  let isOpen = true
  const opened = <T>(body: () => Promise<T>): Promise<T> =>
    isOpen ? withRetry(isLostRace, body) : Promise.reject(new StoreFault('closed', 'The store is closed.'))
  return {
    dialect: 'postgres',
    // In parentheses it is computed once and not per row, so that indexes serve.
    now: () => sql<Millis>`(select floor(extract(epoch from clock_timestamp()) * 1000)::bigint)`,
    read: (body) => opened(() => inTurn(() => body(db))),
    write: (body) => opened(() => inTurn(() => db.transaction().execute(body))),
    backup: (path) =>
      Promise.reject(
        new StoreFault(
          'backup',
          `Postgres is backed up with its own tool: pg_dump --format=custom --file='${path}' "$DATABASE_URL"`,
        ),
      ),
    // Replicas share the queues; a dead one's claims run out.
    startWorking: () => 'shared',
    close: async () => {
      if (!isOpen) return
      isOpen = false
      await db.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}

/** Where a URL leads, without user and password. */
const placeOf = (url: string): string => {
  try {
    const { host, port, database } = new Client({ connectionString: url })
    return `${host}:${port}/${database ?? ''}`
  } catch {
    // The error holds the URL and with it the password: it ends here.
    throw new StoreFault(
      'unreachable',
      'DATABASE_URL cannot be read: it looks like postgres://user:password@host:5432/database.',
    )
  }
}

/** pg_type.oid of bigint. */
const INT8 = 20

const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? parseInt8 : types.getTypeParser(oid, format ?? 'text')) as typeof types.getTypeParser

/** 64-bit integers arrive as text. Ours are times and versions, which a double holds exactly. */
const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`)
  return value
}

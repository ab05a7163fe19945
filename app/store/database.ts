/** What the two thin drivers provide; everything else in this folder is written once, on top of it. */
import type { Kysely, RawBuilder } from 'kysely'
import type { Millis } from '../domain/event/envelope.ts'
import type { Tables } from './tables.ts'

export type Connection = Kysely<Tables>

export interface Database {
  readonly dialect: 'sqlite' | 'postgres'
  /** SQL for the store's clock in whole milliseconds, the same value throughout one statement. */
  now(): RawBuilder<Millis>
  /** Reads outside a transaction. */
  read<T>(body: (db: Connection) => Promise<T>): Promise<T>
  /**
   * One write transaction. `body` awaits nothing but statements and may run several times, because lost locks and
   * deadlocks are retried. When it throws, everything is rolled back and the error passes through.
   */
  write<T>(body: (db: Connection) => Promise<T>): Promise<T>
  /** Whether this process may work through the queues: `sole` means that nobody else does. */
  startWorking(): 'sole' | 'shared' | 'taken'
  backup(path: string): Promise<void>
  close(): Promise<void>
}

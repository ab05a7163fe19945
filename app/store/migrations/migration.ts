/** What a migration is given: the transaction and the few words that differ between the two databases. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from '../database.ts'

export interface Migration {
  /** `0001-…`; the order in which they run. Never renamed or changed once released. */
  readonly name: string
  readonly up: (db: Kysely<never>, words: SchemaWords) => Promise<void>
}

export interface SchemaWords {
  readonly dialect: Database['dialect']
  /** Compared byte by byte on both databases, so that both sort alike. */
  readonly text: RawBuilder<unknown>
  /** 64 bits. */
  readonly integer: RawBuilder<unknown>
  readonly real: RawBuilder<unknown>
  /** A primary key that counts up by itself. */
  readonly counter: RawBuilder<unknown>
  /** Stands after `create table (…)`. */
  readonly tableEnd: RawBuilder<unknown>
}

export const schemaWords = (dialect: Database['dialect']): SchemaWords =>
  dialect === 'sqlite'
    ? {
        dialect,
        text: sql`text`,
        integer: sql`integer`,
        real: sql`real`,
        counter: sql`integer primary key autoincrement`,
        tableEnd: sql`strict`,
      }
    : {
        dialect,
        text: sql`text collate "C"`,
        integer: sql`bigint`,
        real: sql`double precision`,
        counter: sql`bigint generated always as identity primary key`,
        tableEnd: sql``,
      }

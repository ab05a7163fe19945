/** Triggers that make a table append-only for everyone who uses the database, our own mistakes included. */
import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'

export const refuseChanges = async (db: Kysely<never>, dialect: Database['dialect'], table: string): Promise<void> => {
  const name = sql.table(table)
  const complaint = sql.lit(`${table} are never changed or deleted`)
  const trigger = (what: string) => sql.id(`${table}_refuse_${what}`)
  const statements =
    dialect === 'sqlite'
      ? ['update', 'delete'].map(
          (what) =>
            sql`create trigger ${trigger(what)} before ${sql.raw(what)} on ${name} begin select raise(abort, ${complaint}); end`,
        )
      : [
          sql`create function ${trigger('changes')}() returns trigger language plpgsql
              as ${sql.raw(`$$ begin raise exception using errcode = 'restrict_violation', message = '${table} are never changed or deleted'; end $$`)}`,
          sql`create trigger ${trigger('rows')} before update or delete on ${name}
              for each row execute function ${trigger('changes')}()`,
          sql`create trigger ${trigger('truncate')} before truncate on ${name}
              for each statement execute function ${trigger('changes')}()`,
        ]
  for (const statement of statements) await statement.execute(db)
}

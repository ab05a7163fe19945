/** Lets Kysely talk to Node's own SQLite: prepared statements are kept, and transactions take the write lock at once. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'

/** The store has about sixty texts of statements; lists of parameters vary a little. The oldest goes when more are kept. */
const KEPT_STATEMENTS = 400

/**
 * Plain `begin` takes the lock with the first write; two transactions that have both read then can neither of them go on.
 * `begin immediate` makes them wait for each other from the start.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(database: SqliteDatabase) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database })
  }
}

export const createNodeSqliteDialect = (database: DatabaseSync): SqliteDialect => {
  const statements = new Map<string, SqliteStatement>()
  return new ImmediateDialect({
    close: () => database.close(),
    prepare: (sql) => {
      const kept = statements.get(sql)
      if (kept !== undefined) return kept
      const statement = adapt(database.prepare(sql))
      if (statements.size >= KEPT_STATEMENTS) {
        for (const oldest of statements.keys()) {
          statements.delete(oldest)
          break
        }
      }
      statements.set(sql, statement)
      return statement
    },
  })
}

const adapt = (statement: StatementSync): SqliteStatement => {
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  }
}

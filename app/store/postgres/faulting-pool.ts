/** A connection pool for Kysely whose errors are already told apart, so that no caller sees a raw network error. */
import type { Pool, PoolClient } from 'pg'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { isLostRace, postgresFault } from './postgres-fault.ts'

export const createFaultingPool = (pool: Pool, place: string): PostgresPool => {
  /** Kysely knows a connection by its object, so each client keeps one wrapper. */
  const wrappers = new WeakMap<PoolClient, PostgresPoolClient>()
  const wrap = (client: PoolClient): PostgresPoolClient => {
    const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
      try {
        return await client.query(text, [...parameters])
      } catch (error) {
        // Lost races are repeated further out, which needs the original.
        throw isLostRace(error) ? error : postgresFault(place, error)
      }
    }
    return {
      // Kysely's type also has an overload for cursors, which are not used here.
      query: query as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy ?? false),
    }
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw postgresFault(place, error)
      })
      const wrapper = wrappers.get(client) ?? wrap(client)
      wrappers.set(client, wrapper)
      return wrapper
    },
  }
}

/**
 * Lets writes that wait at the same time share one transaction and one sync of the disk, each in a savepoint of its own: one
 * that throws is rolled back alone. None resolves before the shared commit is durable.
 */
import { sql } from 'kysely'
import type { Connection } from '../database.ts'
import { createGroupCommit } from '../group-commit.ts'

type Body = (db: Connection) => Promise<unknown>
type Ended = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/** Leaves a transaction of which nothing is kept, so that no disk is waited for. */
class NothingWritten extends Error {
  readonly ended: readonly Ended[]
  constructor(ended: readonly Ended[]) {
    super('nothing written')
    this.ended = ended
  }
}

/** Bounds how long the lock is held against other processes, and how long a write waits for the one before it. */
const MOST_TOGETHER = 64

export const shareTransactions = (
  transaction: (body: (db: Connection) => Promise<readonly Ended[]>) => Promise<readonly Ended[]>,
  /** Errors that undo the whole transaction; it then runs again, or fails as a whole. */
  undoesAll: (error: unknown) => boolean,
): (<T>(body: (db: Connection) => Promise<T>) => Promise<T>) => {
  const inSavepoint = async (db: Connection, body: Body): Promise<Ended> => {
    await sql`savepoint one`.execute(db)
    try {
      const value = await body(db)
      await sql`release one`.execute(db)
      return { ok: true, value }
    } catch (error) {
      if (undoesAll(error)) throw error
      await sql`rollback to one`.execute(db)
      await sql`release one`.execute(db)
      return { ok: false, error }
    }
  }
  /** Never rejects: what goes wrong with one chunk is told to its own writes only, since others may be durable already. */
  const commitChunk = async (bodies: readonly Body[]): Promise<readonly Ended[]> => {
    try {
      return await transaction(async (db) => {
        const ended: Ended[] = []
        for (const body of bodies) ended.push(await inSavepoint(db, body))
        if (ended.every(({ ok }) => !ok)) throw new NothingWritten(ended)
        return ended
      })
    } catch (error) {
      if (error instanceof NothingWritten) return error.ended
      return bodies.map(() => ({ ok: false, error }))
    }
  }
  const together = createGroupCommit<Body, Ended>(
    async (bodies) => {
      const ended: Ended[] = []
      for (let at = 0; at < bodies.length; at += MOST_TOGETHER) {
        ended.push(...(await commitChunk(bodies.slice(at, at + MOST_TOGETHER))))
      }
      return ended
    },
    () => false,
  )
  return async <T>(body: (db: Connection) => Promise<T>): Promise<T> => {
    const ended = await together(body)
    if (!ended.ok) throw ended.error
    // The body's own value, carried through a list of many types.
    return ended.value as T
  }
}

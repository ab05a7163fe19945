/** How the embedded database is configured, and that its transactions hold the write lock from their first moment. */
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../app/store/database.ts'
import { useStore } from '../contracts/store/use-store.ts'
import { makeSqliteHarness } from '../contracts/store-harness.ts'

const pragma = async (db: Connection, name: string): Promise<unknown> => {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)
  return Object.values(rows[0] ?? {})[0]
}

describe('the embedded database', () => {
  const use = useStore(makeSqliteHarness)

  it('syncs every commit, writes ahead, checks references and waits inside the driver for a moment only', async () => {
    const { harness } = await use()
    const database = await harness.openDatabase()
    const FULL = 2
    // The connection that writes.
    await database.write(async (db) => {
      expect(await pragma(db, 'synchronous')).toBe(FULL)
      expect(await pragma(db, 'journal_mode')).toBe('wal')
      expect(await pragma(db, 'foreign_keys')).toBe(1)
      expect(await pragma(db, 'busy_timeout')).toBeLessThanOrEqual(50)
    })
  })

  it('locks out other writers from the beginning of a transaction, and makes them wait without failing', async () => {
    const { harness } = await use()
    const [first, second] = [await harness.openDatabase(), await harness.openDatabase()]
    const path = 'sqlite' in harness.place ? harness.place.sqlite : ''
    const order: string[] = []
    let waiting: Promise<unknown> = Promise.resolve()
    await first.write(async (db) => {
      const shell = new DatabaseSync(path)
      expect(() => shell.exec('begin immediate')).toThrow(/locked/)
      shell.close()
      waiting = second.write(async () => {
        order.push('second')
      })
      // Long enough for the second to find the lock taken more than once.
      await new Promise((resolve) => setTimeout(resolve, 60))
      await sql`select 1`.execute(db)
      order.push('first')
    })
    await waiting
    expect(order).toEqual(['first', 'second'])
  })

  it('lets the event loop turn while a caller keeps asking', async () => {
    const { store } = await use()
    const seen: number[] = []
    const timer = setInterval(() => seen.push(seen.length), 1)
    for (let calls = 0; seen.length < 3 && calls < 200_000; calls++) await store.documents.get('k', 'k')
    clearInterval(timer)
    expect(seen).toEqual([0, 1, 2])
  })

  it('undoes everything when the body throws, and passes the error through', async () => {
    const { harness, store } = await use()
    const database = await harness.openDatabase()
    const error = new RangeError('mine')
    const failing = database.write(async (db) => {
      await db.insertInto('documents').values({ kind: 'k', key: 'k', value: 'v' }).execute()
      throw error
    })
    await expect(failing).rejects.toBe(error)
    expect(await store.documents.get('k', 'k')).toBeNull()
  })
})

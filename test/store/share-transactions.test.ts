/** Writes that share a transaction: each succeeds or fails by itself, runs once, and is told only what became of it. */
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../app/store/database.ts'
import { shareTransactions } from '../../app/store/sqlite/share-transactions.ts'
import { useStore } from '../contracts/store/use-store.ts'
import { makeSqliteHarness } from '../contracts/store-harness.ts'

const put = (db: Connection, key: string) => db.insertInto('documents').values({ kind: 'k', key, value: '' }).execute()

describe('writes that wait at the same time', () => {
  const use = useStore(makeSqliteHarness)

  it('fail alone and leave nothing of themselves', async () => {
    const { store, harness } = await use()
    const database = await harness.openDatabase()
    const ends = await Promise.allSettled(
      Array.from({ length: 150 }, (_, n) =>
        database.write(async (db) => {
          await put(db, `d${n}`)
          if (n % 3 === 0) throw new RangeError(`mine ${n}`)
          // Twice: the database's own refusal.
          if (n % 3 === 1) await put(db, `d${n}`)
          return n
        }),
      ),
    )
    for (const [n, end] of ends.entries()) {
      if (n % 3 === 2) expect(end).toEqual({ status: 'fulfilled', value: n })
      else if (n % 3 === 1) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'database' } })
      else expect(end).toEqual({ status: 'rejected', reason: new RangeError(`mine ${n}`) })
    }
    expect(await store.documents.list('k')).toHaveLength(50)
  })

  it('are rolled back as a whole where all of them fail, so that no disk is waited for', async () => {
    const { harness } = await use()
    const database = await harness.openDatabase()
    const ends: string[] = []
    const write = shareTransactions(
      (body) =>
        database.write(body).then(
          (ended) => (ends.push('committed'), ended),
          (error: unknown) => {
            ends.push('rolled back')
            throw error
          },
        ),
      () => false,
    )
    const fails = () => write(() => Promise.reject(new RangeError('mine')))
    expect(await Promise.allSettled([fails(), fails()])).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: new RangeError('mine') })),
    )
    await Promise.allSettled([fails(), write(() => Promise.resolve(1))])
    expect(ends).toEqual(['rolled back', 'committed'])
  })

  it('are not run again when a later transaction of theirs fails', async () => {
    const { harness } = await use()
    const database = await harness.openDatabase()
    let transactions = 0
    const write = shareTransactions(
      (body) => (++transactions === 2 ? Promise.reject(new Error('the disk is full')) : database.write(body)),
      () => false,
    )
    const runs = new Map<number, number>()
    const ends = await Promise.allSettled(
      Array.from({ length: 150 }, (_, n) => write(async () => void runs.set(n, (runs.get(n) ?? 0) + 1))),
    )
    expect(transactions).toBe(3)
    expect(ends.filter((end) => end.status === 'rejected')).toHaveLength(64)
    expect(runs.size).toBe(150 - 64)
    expect(new Set(runs.values())).toEqual(new Set([1]))
  })
})

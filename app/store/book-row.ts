/** Rows of the books: added to inside an append, held against their limits there, read, and recomputed. The only writer of their table. */
import { sql, type Insertable, type Selectable } from 'kysely'
import { booksBetween, rises, sumBooks, UNITS, type Book } from '../domain/budget/books.ts'
import type { BookLimit } from '../domain/budget/limits.ts'
import type { AppendBatch } from '../engine/ports.ts'
import { inChunks } from './chunks.ts'
import type { Connection, Database } from './database.ts'
import type { BooksTable } from './tables.ts'

export const parseBooks = (text: string): readonly Book[] => JSON.parse(text) as readonly Book[]

const toRow = ({ scope, period, reserved, spent, warned }: Book): Insertable<BooksTable> => ({
  scope,
  period,
  reserved_micro_usd: reserved.microUsd,
  reserved_tokens: reserved.tokens,
  spent_micro_usd: spent.microUsd,
  spent_tokens: spent.tokens,
  warned,
})

const fromRow = (row: Selectable<BooksTable>): Book => ({
  scope: row.scope,
  period: row.period,
  reserved: { microUsd: row.reserved_micro_usd, tokens: row.reserved_tokens },
  spent: { microUsd: row.spent_micro_usd, tokens: row.spent_tokens },
  warned: row.warned,
})

/**
 * Adds to the rows, in sorted order so that nobody waits in a circle, and says whether they may be like that: what is reserved
 * and spent keeps below each limit, and nobody is warned of the same twice, or not at all. The caller undoes everything when not.
 */
export const addToBooks = async (
  db: Connection,
  changes: readonly Book[],
  { limits = [], thresholds = [] }: Pick<AppendBatch, 'limits' | 'thresholds'> = {},
): Promise<boolean> => {
  const added = sumBooks(changes)
  let keeps = true
  await inChunks(added, async (chunk) => {
    const rows = await db
      .insertInto('books')
      .values(chunk.map(toRow))
      .onConflict((conflict) =>
        conflict.columns(['scope', 'period']).doUpdateSet((eb) => ({
          reserved_micro_usd: eb('books.reserved_micro_usd', '+', eb.ref('excluded.reserved_micro_usd')),
          reserved_tokens: eb('books.reserved_tokens', '+', eb.ref('excluded.reserved_tokens')),
          spent_micro_usd: eb('books.spent_micro_usd', '+', eb.ref('excluded.spent_micro_usd')),
          spent_tokens: eb('books.spent_tokens', '+', eb.ref('excluded.spent_tokens')),
          warned: eb('books.warned', '+', eb.ref('excluded.warned')),
        })),
      )
      .returningAll()
      .execute()
    for (const row of rows.map(fromRow)) {
      const change = chunk.find(({ scope, period }) => scope === row.scope && period === row.period)
      const warnedTwice = row.warned > 1 && (change?.warned ?? 0) > 0
      const unwarned =
        row.warned === 0 && change !== undefined && rises(change) && thresholds.some((one) => reaches(row, one))
      if (warnedTwice || unwarned || limits.some((limit) => isAbove(row, limit))) keeps = false
    }
  })
  return keeps
}

const isAbove = (row: Book, limit: BookLimit): boolean => passes(row, limit, (total, most) => total > most)
const reaches = (row: Book, limit: BookLimit): boolean => passes(row, limit, (total, most) => total >= most)

const passes = (row: Book, limit: BookLimit, isPast: (total: number, most: number) => boolean): boolean =>
  row.scope === limit.scope &&
  row.period === limit.period &&
  UNITS.some((unit) => limit[unit] !== null && isPast(row.reserved[unit] + row.spent[unit], limit[unit]))

/** The rows of these scopes in these periods, as far as there are any. */
export const readBooks = async (
  db: Connection,
  scopes: readonly string[],
  periods: readonly string[],
): Promise<readonly Book[]> => {
  if (scopes.length === 0 || periods.length === 0) return []
  const rows = await db
    .selectFrom('books')
    .selectAll()
    .where('scope', 'in', [...scopes])
    .where('period', 'in', [...periods])
    .execute()
  return sumBooks(rows.map(fromRow))
}

export const allBooks = async (db: Connection): Promise<readonly Book[]> =>
  sumBooks((await db.selectFrom('books').selectAll().execute()).map(fromRow))

/** Makes the rows what the streams' own parts add up to; returns how many were not. Nobody adds to them meanwhile. */
export const recountBooks = (database: Database): Promise<number> =>
  database.write(async (db) => {
    // Whoever has written a stream has either added its part already and is waited for, or will add to what is counted here.
    if (database.dialect === 'postgres') await sql`lock table books in share row exclusive mode`.execute(db)
    const streams = await db.selectFrom('streams').select('books').where('books', '!=', '[]').execute()
    const wrong = booksBetween(await allBooks(db), sumBooks(streams.flatMap(({ books }) => parseBooks(books))))
    await addToBooks(db, wrong)
    return wrong.length
  })

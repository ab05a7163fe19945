/** Reads over the books for decisions. What is read may be old by the time it is used: append has the last word. */
import type { Books } from '../engine/ports.ts'
import { parseBooks, readBooks } from './book-row.ts'
import type { Database } from './database.ts'

export const createBooks = (database: Database): Books => ({
  read: (scopes, periods) => database.read((db) => readBooks(db, scopes, periods)),
  partOf: async (stream) => {
    const row = await database.read((db) =>
      db.selectFrom('streams').select('books').where('stream', '=', stream).executeTakeFirst(),
    )
    return row === undefined ? [] : parseBooks(row.books)
  },
  lastCosts: async (project, limit) => {
    const rows = await database.read((db) =>
      db
        .selectFrom('streams')
        .select(['cost_at', 'cost_micro_usd', 'cost_tokens'])
        .where('project', '=', project)
        .where('cost_at', 'is not', null)
        .orderBy('cost_at', 'desc')
        .orderBy('stream', 'desc')
        .limit(limit)
        .execute(),
    )
    return rows.map((row) => ({ at: row.cost_at ?? 0, microUsd: row.cost_micro_usd, tokens: row.cost_tokens }))
  },
})

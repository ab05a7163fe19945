/** Small texts by kind and key; whoever puts last wins. */
import type { Documents } from '../engine/ports.ts'
import type { Database } from './database.ts'

export const createDocuments = (database: Database): Documents => ({
  get: async (kind, key) => {
    const row = await database.read((db) =>
      db.selectFrom('documents').select('value').where('kind', '=', kind).where('key', '=', key).executeTakeFirst(),
    )
    return row?.value ?? null
  },
  put: async (kind, key, value) => {
    await database.write((db) =>
      db
        .insertInto('documents')
        .values({ kind, key, value })
        .onConflict((conflict) => conflict.columns(['kind', 'key']).doUpdateSet({ value }))
        .execute(),
    )
  },
  delete: async (kind, key) => {
    await database.write((db) => db.deleteFrom('documents').where('kind', '=', kind).where('key', '=', key).execute())
  },
  list: (kind) =>
    database.read((db) =>
      db.selectFrom('documents').select(['key', 'value']).where('kind', '=', kind).orderBy('key').execute(),
    ),
})

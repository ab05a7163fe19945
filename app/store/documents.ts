/** Small texts by kind and key. Whoever puts last wins; whoever replaces wins only over what was known to stand there. */
import type { Documents } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'

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
  replace: async (kind, key, before, after) => {
    const changed = await database.write((db) => replace(db, { kind, key }, before, after))
    return changed > 0n
  },
  delete: async (kind, key) => {
    await database.write((db) => db.deleteFrom('documents').where('kind', '=', kind).where('key', '=', key).execute())
  },
  list: (kind) =>
    database.read((db) =>
      db.selectFrom('documents').select(['key', 'value']).where('kind', '=', kind).orderBy('key').execute(),
    ),
})

/** One statement each, so that of several at once one wins. Returns how many rows it found as expected. */
const replace = async (
  db: Connection,
  { kind, key }: { readonly kind: string; readonly key: string },
  before: string | null,
  after: string | null,
): Promise<bigint> => {
  if (before === null) {
    if (after === null) throw new TypeError('nothing cannot be replaced by nothing')
    const inserted = await db
      .insertInto('documents')
      .values({ kind, key, value: after })
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
      .executeTakeFirst()
    return inserted.numInsertedOrUpdatedRows ?? 0n
  }
  if (after === null) {
    const deleted = await db
      .deleteFrom('documents')
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('value', '=', before)
      .executeTakeFirst()
    return deleted.numDeletedRows
  }
  const updated = await db
    .updateTable('documents')
    .set({ value: after })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('value', '=', before)
    .executeTakeFirst()
  return updated.numUpdatedRows
}

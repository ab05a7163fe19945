/** Reads over the edges and the hierarchy, many tasks at a time. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Graph } from '../engine/ports.ts'
import { inChunks } from './chunks.ts'
import type { Database } from './database.ts'

export const createGraph = (database: Database): Graph => ({
  dependents: (streams) =>
    paged(streams, async (page) => {
      const rows = await database.read((db) =>
        db.selectFrom('edges').select(['stream', 'depends_on']).where('depends_on', 'in', page).execute(),
      )
      return rows.map((row) => ({ stream: row.stream as StreamId, on: row.depends_on as StreamId }))
    }),
  children: (streams) =>
    paged(streams, async (page) => {
      const rows = await database.read((db) =>
        db.selectFrom('streams').select(['stream', 'parent']).where('parent', 'in', page).execute(),
      )
      return rows.map((row) => ({ stream: row.stream as StreamId, parent: row.parent as StreamId }))
    }),
})

/** All pages in one list; sorted, so that no database's order matters. */
const paged = async <Row extends { readonly stream: StreamId }>(
  streams: readonly StreamId[],
  read: (page: readonly StreamId[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> => {
  const all: Row[] = []
  await inChunks([...new Set(streams)], async (page) => {
    for (const row of await read(page)) all.push(row)
  })
  return all.sort((a, b) => (a.stream < b.stream ? -1 : Number(a.stream > b.stream)))
}

/** Writes the edges of streams and the levels that follow from them: the only writer of both tables. It lets no edge in that closes a cycle, whatever was decided before. */
import { sql } from 'kysely'
import { levelsOf } from '../domain/dependency/levels.ts'
import { inChunks } from './chunks.ts'
import type { Connection, Database } from './database.ts'
import { putLevels, relevel } from './relevel.ts'

/** Canonical JSON lists of streams. */
export interface EdgeChange {
  readonly stream: string
  readonly before: string
  readonly after: string
}

export const NO_EDGES = '[]'

/** Advisory lock of Postgres, held to the end of the transaction; SQLite has one writer anyway. */
const EDGES_LOCK = 4_870_214

/**
 * Whoever changes edges takes turns until the commit, over all projects: two that each add an edge do not see each other's.
 * Taken behind the locks on streams and guards, by everyone.
 */
const lockEdges = async (database: Database, db: Connection): Promise<void> => {
  if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${EDGES_LOCK})`.execute(db)
}

/** False: one of the edges closes a cycle. The caller then rolls back, or, where facts are imported, keeps edges and old levels. */
export const putEdges = async (
  database: Database,
  db: Connection,
  changes: readonly EdgeChange[],
): Promise<boolean> => {
  const changed = changes.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return true
  await lockEdges(database, db)
  let whole = true
  for (const { stream, before, after } of changed) {
    await replaceEdges(db, stream, after)
    const [old, now] = [parse(before), parse(after)]
    const added = now.filter((on) => !old.includes(on))
    const dropped = old.filter((on) => !now.includes(on))
    whole = (await relevel(db, stream, { added, dropped })) && whole
  }
  return whole
}

const parse = (edges: string): readonly string[] => JSON.parse(edges) as readonly string[]

const replaceEdges = async (db: Connection, stream: string, dependsOn: string): Promise<void> => {
  await db.deleteFrom('edges').where('stream', '=', stream).execute()
  const edges = parse(dependsOn).map((depends_on) => ({ stream, depends_on }))
  await inChunks(edges, (chunk) =>
    db
      .insertInto('edges')
      .values([...chunk])
      .execute(),
  )
}

/** Computes all levels anew; how many were not as the edges say. */
export const rebuildLevels = async (database: Database, db: Connection): Promise<number> => {
  await lockEdges(database, db)
  const edges = await db.selectFrom('edges').select(['stream', 'depends_on']).execute()
  const rows = await db.selectFrom('levels').select(['stream', 'level']).execute()
  const wanted = levelsOf(edges.map(({ stream, depends_on }) => [stream, depends_on]))
  const stored = new Map(rows.map(({ stream, level }) => [stream, level]))
  const wrong = new Map<string, number>()
  for (const [stream, level] of wanted) if (stored.get(stream) !== level) wrong.set(stream, level)
  for (const stream of stored.keys()) if (!wanted.has(stream)) wrong.set(stream, 0)
  await putLevels(db, wrong)
  return wrong.size
}

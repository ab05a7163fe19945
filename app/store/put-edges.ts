/** Writes the edges of streams and the levels that hold them in order: the only writer of both, and of loops. It lets no edge in that closes a cycle, whatever was decided before. */
import { sql } from 'kysely'
import { levelsOf, type EdgePair } from '../domain/dependency/levels.ts'
import { loopsIn } from '../domain/dependency/loops-in.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { inChunks } from './chunks.ts'
import type { Connection, Database } from './database.ts'
import { gapFor, putLevels } from './levels.ts'
import { relevel } from './relevel.ts'

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

/** The circle that one of the edges closes, or null. The caller then rolls back, or, where facts are imported, goes on with a loop. */
export const putEdges = async (
  database: Database,
  db: Connection,
  changes: readonly EdgeChange[],
): Promise<readonly StreamId[] | null> => {
  const changed = changes.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return null
  await lockEdges(database, db)
  let circle: readonly StreamId[] | null = null
  for (const { stream, before, after } of changed) {
    await replaceEdges(db, stream, after)
    const [old, now] = [parse(before), parse(after)]
    const added = now.filter((on) => !old.includes(on))
    const dropped = old.filter((on) => !now.includes(on))
    circle = (await relevel(database, db, stream, { added, dropped })) ?? circle
  }
  return circle
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

/** Lays all levels down anew where they do not hold every edge that closes no circle; how many tasks' edges they did not. */
export const rebuildLevels = async (database: Database, db: Connection): Promise<number> => {
  await lockEdges(database, db)
  const edges = (await db.selectFrom('edges').selectAll().execute()).map(pairOf)
  const loops = (await db.selectFrom('loops').selectAll().execute()).map(pairOf)
  const rows = await db.selectFrom('levels').selectAll().execute()
  const levels = new Map(rows.map(({ stream, level }) => [stream, level]))
  const setApart = new Set(loops.map(String))
  const wrong = edges.filter(
    ([stream, on]) => !setApart.has(String([stream, on])) && (levels.get(on) ?? 0) >= (levels.get(stream) ?? 0),
  )
  const known = new Set(edges.map(String))
  const left = loops.filter((loop) => !known.has(String(loop)))
  if (wrong.length + left.length === 0) return 0
  await layDownLevels(db, edges)
  return new Set([...wrong, ...left].map(([stream]) => stream)).size
}

const pairOf = ({ stream, depends_on }: { readonly stream: string; readonly depends_on: string }): EdgePair => [
  stream,
  depends_on,
]

const layDownLevels = async (db: Connection, edges: readonly EdgePair[]): Promise<void> => {
  const loops = loopsIn(edges)
  const isLoop = new Set(loops.map(String))
  const levels = levelsOf(edges.filter((edge) => !isLoop.has(String(edge))))
  const gap = gapFor(levels.size)
  await db.deleteFrom('levels').execute()
  await putLevels(db, new Map([...levels].map(([stream, level]) => [stream, level * gap])))
  await db.deleteFrom('loops').execute()
  await inChunks(loops, (chunk) =>
    db
      .insertInto('loops')
      .values(chunk.map(([stream, depends_on]) => ({ stream, depends_on })))
      .execute(),
  )
}

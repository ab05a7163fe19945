/**
 * Keeps each task's level above those of all it depends on when the edges of one task change, and sees on the way whether they
 * close a circle. Only what stands between the two ends of an edge is looked at, from both of them, and only on the side that
 * was done first does anybody move. The caller holds the lock on the edges.
 */
import { moveApart } from '../domain/dependency/move-apart.ts'
import { searchBothWays, type Found, type Standing } from '../domain/dependency/search-both-ways.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Connection, Database } from './database.ts'
import { levelsAt, makeRoom, putLevels } from './levels.ts'
import { lookAtEdges } from './look-at-edges.ts'

/**
 * The circle that an added edge closes, from its end to its start, or null. The caller then rolls back; where it does not, the
 * edge is kept as a loop, which levels do not hold, and while there is one every new edge is held against the whole graph.
 * `added`: what the task depends on from now on and did not before.
 */
export const relevel = async (
  database: Database,
  db: Connection,
  stream: string,
  { added, dropped }: { readonly added: readonly string[]; readonly dropped: readonly string[] },
): Promise<readonly StreamId[] | null> => {
  if (dropped.length > 0) await dropLoops(db, stream, dropped)
  const loops = await db.selectFrom('loops').selectAll().execute()
  let circle: readonly StreamId[] | null = null
  for (const on of await highestFirst(db, added)) {
    const isWhole: boolean = loops.length === 0 && circle === null
    const known: readonly StreamId[] | null = isWhole ? null : await pathOver(database, db, stream, on)
    const path: readonly StreamId[] | null = known ?? (await putInOrder(database, db, stream, on))
    if (path === null) continue
    circle = path
    await db
      .insertInto('loops')
      .values({ stream, depends_on: on })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (dropped.length === 0) return circle
  for (const loop of loops) {
    const path = await putInOrder(database, db, loop.stream, loop.depends_on)
    if (path === null) await dropLoops(db, loop.stream, [loop.depends_on])
  }
  return circle
}

const dropLoops = (db: Connection, stream: string, dropped: readonly string[]) =>
  db.deleteFrom('loops').where('stream', '=', stream).where('depends_on', 'in', dropped).execute()

/** Whoever moves above the highest is above the others. */
const highestFirst = async (db: Connection, streams: readonly string[]): Promise<readonly string[]> => {
  if (streams.length === 0) return streams
  const levelOf = await levelsAt(db, streams)
  return streams.toSorted((a, b) => levelOf(b) - levelOf(a))
}

/** Over all edges there are. */
const pathOver = async (
  database: Database,
  db: Connection,
  stream: string,
  on: string,
): Promise<readonly StreamId[] | null> => (await search(database, db, standing(on, 0), standing(stream, 0), true)).path

/** The path over which `on` leads to the task already, as far as levels hold; null: there is none, and the task stands above it now. */
const putInOrder = async (
  database: Database,
  db: Connection,
  stream: string,
  on: string,
): Promise<readonly StreamId[] | null> => {
  while (true) {
    const levelOf = await levelsAt(db, [stream, on])
    const [upper, lower] = [standing(on, levelOf(on)), standing(stream, levelOf(stream))]
    if (upper.level < lower.level) return null
    const found = await search(database, db, upper, lower)
    if (found.path !== null) return found.path
    const { searched } = found
    const border = searched.side === 'above' ? upper.level : lower.level
    const moved = moveApart(searched, border)
    if (moved !== null) {
      await putLevels(db, moved)
      return null
    }
    await makeRoom(db, border, searched.beyond ?? border)
  }
}

const standing = (stream: string, level: number): Standing => ({ task: stream as StreamId, level })

const search = async (
  database: Database,
  db: Connection,
  upper: Standing,
  lower: Standing,
  everywhere = false,
): Promise<Found> => {
  const both = searchBothWays(upper, lower, { everywhere })
  let step = both.next()
  while (step.done !== true) step = both.next(await lookAtEdges(database, db, step.value))
  return step.value
}

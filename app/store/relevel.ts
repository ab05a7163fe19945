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
 * False: an added edge closes a circle. The caller then rolls back; where it does not, the edge is kept as a loop, which levels
 * do not hold, and while there is one every new edge is held against the whole graph. `added`: what the task depends on from
 * now on and did not before.
 */
export const relevel = async (
  database: Database,
  db: Connection,
  stream: string,
  { added, dropped }: { readonly added: readonly string[]; readonly dropped: readonly string[] },
): Promise<boolean> => {
  if (dropped.length > 0) await dropLoops(db, stream, dropped)
  const loops = await db.selectFrom('loops').selectAll().execute()
  let whole = true
  for (const on of await highestFirst(db, added)) {
    const isFree = loops.length === 0 && whole
    const closes = stream === on || (!isFree && (await leadsTo(database, db, on, stream)))
    if (!closes && (await putInOrder(database, db, stream, on))) continue
    whole = false
    await db
      .insertInto('loops')
      .values({ stream, depends_on: on })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (dropped.length === 0) return whole
  for (const loop of loops) {
    const opened = loop.stream !== loop.depends_on && (await putInOrder(database, db, loop.stream, loop.depends_on))
    if (opened) await dropLoops(db, loop.stream, [loop.depends_on])
  }
  return whole
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
const leadsTo = async (database: Database, db: Connection, from: string, to: string): Promise<boolean> => {
  const [upper, lower] = [standing(from, 0), standing(to, 0)]
  return (await search(database, db, upper, lower, true)).path !== null
}

/** False: `on` leads to the task already, over edges that the levels hold. */
const putInOrder = async (database: Database, db: Connection, stream: string, on: string): Promise<boolean> => {
  while (true) {
    const levelOf = await levelsAt(db, [stream, on])
    const [upper, lower] = [standing(on, levelOf(on)), standing(stream, levelOf(stream))]
    if (upper.level < lower.level) return true
    const found = await search(database, db, upper, lower)
    if (found.path !== null) return false
    const { searched } = found
    const border = searched.side === 'above' ? upper.level : lower.level
    const moved = moveApart(searched, border)
    if (moved !== null) {
      await putLevels(db, moved)
      return true
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

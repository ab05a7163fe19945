/** Rows of the levels: a number for each task that is above those of all it depends on; 0 where there is no row. Only relevel.ts says which. */
import { sql } from 'kysely'
import { GAP } from '../domain/dependency/move-apart.ts'
import { inChunks } from './chunks.ts'
import type { Connection } from './database.ts'

/** Half of what a number holds exactly: no single step leads from here to where it does not. */
const FURTHEST = 2 ** 52

export const levelsAt = async (db: Connection, streams: readonly string[]): Promise<(stream: string) => number> => {
  const rows = await db.selectFrom('levels').selectAll().where('stream', 'in', streams).execute()
  const levels = new Map(rows.map(({ stream, level }) => [stream, level]))
  return (stream) => levels.get(stream) ?? 0
}

export const putLevels = async (db: Connection, levels: ReadonlyMap<string, number>): Promise<void> => {
  await inChunks([...levels], (chunk) =>
    db
      .insertInto('levels')
      .values(chunk.map(([stream, level]) => ({ stream, level })))
      .onConflict((conflict) => conflict.column('stream').doUpdateSet({ level: sql`excluded.level` }))
      .execute(),
  )
  if ([...levels.values()].some((level) => Math.abs(level) > FURTHEST)) await comeCloser(db)
}

/** Puts room between two levels that are next to each other: all on one side of it move away. */
export const makeRoom = async (db: Connection, one: number, other: number): Promise<void> => {
  const [low, high] = one < other ? [one, other] : [other, one]
  // Whoever has no row stands at 0, and is not among those that move.
  const moved =
    high > 0
      ? sql`update levels set level = level + ${sql.lit(GAP)} where level >= ${high}`
      : sql`update levels set level = level - ${sql.lit(GAP)} where level <= ${low}`
  await moved.execute(db)
  const ends = sql<{ furthest: number }>`select max(abs(level)) as furthest from levels`
  if (((await ends.execute(db)).rows[0]?.furthest ?? 0) > FURTHEST) await comeCloser(db)
}

/** All are numbered through, in the order that they have. */
const comeCloser = async (db: Connection): Promise<void> => {
  const rows = await db.selectFrom('levels').selectAll().execute()
  const levels = [...new Set(rows.map(({ level }) => level))].toSorted((a, b) => a - b)
  const places = new Map<number, number>()
  for (const [at, level] of levels.filter((one) => one > 0).entries()) places.set(level, at + 1)
  for (const [at, level] of levels
    .filter((one) => one < 0)
    .toReversed()
    .entries())
    places.set(level, -1 - at)
  const gap = gapFor(places.size)
  await putLevels(db, new Map(rows.map(({ stream, level }) => [stream, (places.get(level) ?? 0) * gap])))
}

/** Between so many levels. */
export const gapFor = (levels: number): number => Math.min(GAP, Math.floor(FURTHEST / 4 / Math.max(1, levels)))

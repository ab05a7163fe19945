/**
 * Keeps each task's level (the longest chain of dependencies below it) true when the edges of one task change, and sees on
 * the way whether they close a cycle. Only tasks above are visited, each once, as long as levels change: an edge to a lower
 * level costs one look. The caller holds the lock on the edges.
 */
import { sql } from 'kysely'
import { inChunks } from './chunks.ts'
import type { Connection } from './database.ts'
import { raiseLevels } from './raise-levels.ts'

/** False: an added edge closes a cycle, and no level was written. `added`: what the task depends on from now on and did not before. */
export const relevel = async (
  db: Connection,
  stream: string,
  { added, dropped }: { readonly added: readonly string[]; readonly dropped: readonly string[] },
): Promise<boolean> => {
  if (added.includes(stream)) return false
  const changed = await (dropped.length === 0 ? raiseLevels(db, stream, added) : moveLevels(db, stream, added))
  if (changed === null) return false
  await putLevels(db, changed)
  return true
}

/** The same as raiseLevels where levels may rise or fall: everything above is computed anew as far as it changes. */
const moveLevels = async (
  db: Connection,
  stream: string,
  added: readonly string[],
): Promise<ReadonlyMap<string, number> | null> => {
  const ends = new Set(added)
  const changed = new Map<string, number>()
  const seen = new Set([stream])
  // By the level that stood before: what a task depends on is done before the task itself.
  const waiting = new Map<number, string[]>([[await levelOf(db, stream), [stream]]])
  while (waiting.size > 0) {
    const before = Math.min(...waiting.keys())
    const tasks = waiting.get(before) ?? []
    waiting.delete(before)
    const levels = await levelsFromBelow(db, tasks, changed)
    const moved = tasks.filter((task) => levels.get(task) !== before)
    for (const task of moved) changed.set(task, levels.get(task) ?? 0)
    for (const { stream: dependent, level } of await dependentsOf(db, moved)) {
      // Whoever is above the task that the edge starts from must not be below it as well.
      if (ends.has(dependent)) return null
      if (seen.has(dependent)) continue
      seen.add(dependent)
      const row = waiting.get(level)
      if (row === undefined) waiting.set(level, [dependent])
      else row.push(dependent)
    }
  }
  return changed
}

export const putLevels = async (db: Connection, levels: ReadonlyMap<string, number>): Promise<void> => {
  const [low, high] = [[...levels].filter(([, level]) => level === 0), [...levels].filter(([, level]) => level > 0)]
  await inChunks(low, (chunk) =>
    db
      .deleteFrom('levels')
      .where(
        'stream',
        'in',
        chunk.map(([stream]) => stream),
      )
      .execute(),
  )
  await inChunks(high, (chunk) =>
    db
      .insertInto('levels')
      .values(chunk.map(([stream, level]) => ({ stream, level })))
      .onConflict((conflict) => conflict.column('stream').doUpdateSet({ level: sql`excluded.level` }))
      .execute(),
  )
}

const levelOf = async (db: Connection, stream: string): Promise<number> =>
  (await db.selectFrom('levels').select('level').where('stream', '=', stream).executeTakeFirst())?.level ?? 0

/** What the levels must be by the edges as they are now. */
const levelsFromBelow = async (
  db: Connection,
  tasks: readonly string[],
  changed: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> => {
  const levels = new Map(tasks.map((task) => [task, 0]))
  await inChunks(tasks, async (chunk) => {
    const rows = await db
      .selectFrom('edges')
      .leftJoin('levels', 'levels.stream', 'edges.depends_on')
      .select(['edges.stream', 'edges.depends_on', 'levels.level'])
      .where('edges.stream', 'in', [...chunk])
      .execute()
    for (const { stream, depends_on, level } of rows) {
      const below = changed.get(depends_on) ?? level ?? 0
      levels.set(stream, Math.max(levels.get(stream) ?? 0, below + 1))
    }
  })
  return levels
}

const dependentsOf = async (db: Connection, tasks: readonly string[]) => {
  const dependents: { readonly stream: string; readonly level: number }[] = []
  await inChunks(tasks, async (chunk) => {
    const rows = await db
      .selectFrom('edges')
      .leftJoin('levels', 'levels.stream', 'edges.stream')
      .select(['edges.stream', 'levels.level'])
      .where('edges.depends_on', 'in', [...chunk])
      .execute()
    for (const { stream, level } of rows) dependents.push({ stream, level: level ?? 0 })
  })
  return dependents
}

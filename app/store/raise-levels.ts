/** Levels after edges were added and none dropped: they can only rise, so that nobody is looked at whose level stays. Sees on the way whether an edge closes a cycle. */
import { inChunks } from './chunks.ts'
import type { Connection } from './database.ts'

/** The levels that change, or null where an added edge closes a cycle. */
export const raiseLevels = async (
  db: Connection,
  stream: string,
  added: readonly string[],
): Promise<ReadonlyMap<string, number> | null> => {
  const known = await levelsOf(db, [stream, ...added])
  const before = known.get(stream) ?? 0
  const raised = new Map<string, number>()
  const wanted = 1 + Math.max(-1, ...added.map((on) => known.get(on) ?? 0))
  if (wanted <= before) return raised
  const risen = new Map([[stream, wanted]])
  // By the level that stood before: what a task depends on has risen as far as it will before the task itself is looked at.
  const waiting = new Map<number, Set<string>>([[before, new Set([stream])]])
  while (waiting.size > 0) {
    const level = Math.min(...waiting.keys())
    const tasks = [...(waiting.get(level) ?? [])]
    waiting.delete(level)
    for (const task of tasks) raised.set(task, risen.get(task) ?? 0)
    await inChunks(tasks, async (chunk) => {
      const rows = await db
        .selectFrom('edges')
        .leftJoin('levels', 'levels.stream', 'edges.stream')
        .select(['edges.stream', 'edges.depends_on', 'levels.level'])
        .where('edges.depends_on', 'in', [...chunk])
        .execute()
      for (const row of rows) {
        const stood = row.level ?? 0
        const now = (raised.get(row.depends_on) ?? 0) + 1
        // Already looked at: that is a cycle which was imported.
        if (now <= Math.max(stood, risen.get(row.stream) ?? 0) || raised.has(row.stream)) continue
        risen.set(row.stream, now)
        const others = waiting.get(stood)
        if (others === undefined) waiting.set(stood, new Set([row.stream]))
        else others.add(row.stream)
      }
    })
    // Whoever is above the task that the edge starts from must not be below it as well.
    if (added.some((on) => risen.has(on))) return null
  }
  return raised
}

const levelsOf = async (db: Connection, streams: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await db.selectFrom('levels').selectAll().where('stream', 'in', streams).execute()
  return new Map(rows.map(({ stream, level }) => [stream, level]))
}

/** Whether one task already depends on another, over however many edges. Linear in the edges it walks. */
import type { StreamId } from '../event/envelope.ts'

/** A chain `from → … → to` along `dependsOn`, both ends included, or null. Breadth first: the shortest one. */
export const findPath = (
  dependsOn: (task: StreamId) => readonly StreamId[],
  from: StreamId,
  to: StreamId,
): readonly StreamId[] | null => {
  const cameFrom = new Map<StreamId, StreamId | null>([[from, null]])
  const queue: StreamId[] = [from]
  for (const task of queue) {
    if (task === to) return walkBack(cameFrom, to)
    for (const next of dependsOn(task)) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, task)
      queue.push(next)
    }
  }
  return null
}

const walkBack = (cameFrom: ReadonlyMap<StreamId, StreamId | null>, end: StreamId): readonly StreamId[] => {
  const path: StreamId[] = []
  for (let at: StreamId | null = end; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at)
  return path
}

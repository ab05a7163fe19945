/** Whether one task already depends on another, over however many edges. It holds no edges: it asks for those of one frontier at a time, so that whoever keeps them can hand them over in pages. */
import type { StreamId } from '../event/envelope.ts'

export interface Edge {
  readonly stream: StreamId
  /** What it depends on. */
  readonly on: StreamId
}

/** Yields tasks, takes the edges that start from them, and ends with a chain `from → … → to`, both ends included, or null. Breadth first: the shortest one. */
export type PathSearch = Generator<readonly StreamId[], readonly StreamId[] | null, readonly Edge[]>

export function* findPath(from: StreamId, to: StreamId): PathSearch {
  const cameFrom = new Map<StreamId, StreamId | null>([[from, null]])
  if (from === to) return [from]
  for (let frontier: readonly StreamId[] = [from]; frontier.length > 0;) {
    const next: StreamId[] = []
    for (const { stream, on } of yield frontier) {
      if (cameFrom.has(on)) continue
      cameFrom.set(on, stream)
      if (on === to) return walkBack(cameFrom, to)
      next.push(on)
    }
    frontier = next
  }
  return null
}

const walkBack = (cameFrom: ReadonlyMap<StreamId, StreamId | null>, end: StreamId): readonly StreamId[] => {
  const path: StreamId[] = []
  for (let at: StreamId | null = end; at !== null; at = cameFrom.get(at) ?? null) path.push(at)
  return path.toReversed()
}

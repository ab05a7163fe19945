/** All parts of a task, at every level and of every project, as the hierarchy has them. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Task } from '../domain/task/state.ts'
import type { Store } from './ports.ts'

/** A hundred children at eight levels each could be more than anybody wants to read. */
const MOST_PARTS = 2_000

export interface Parts {
  readonly parts: readonly Task[]
  readonly isCut: boolean
}

export const partsOf = async (
  { projections, graph }: Pick<Store, 'projections' | 'graph'>,
  stream: StreamId,
): Promise<Parts> => {
  const known = new Set([stream])
  const parts: StreamId[] = []
  for (let row: readonly StreamId[] = [stream]; row.length > 0 && parts.length <= MOST_PARTS;) {
    const children = await graph.children(row)
    // A cycle may have been imported.
    row = children.flatMap((child) => (known.has(child.stream) || !known.add(child.stream) ? [] : [child.stream]))
    parts.push(...row)
  }
  return { parts: await projections.tasksOf(parts.slice(0, MOST_PARTS)), isCut: parts.length > MOST_PARTS }
}

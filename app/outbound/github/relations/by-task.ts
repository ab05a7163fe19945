/** GitHub tells edges by where issues stand; a task whose issue was transferred is known by where it was born. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { edgeKey, parseEdge, type EdgeKey } from './edges.ts'

/** The stream of the task that stands at the place that such a stream would name; that one itself where none does. */
export type StreamAt = (place: StreamId) => Promise<StreamId>

export const byTask = async <Item extends { readonly edge: EdgeKey }>(
  items: readonly Item[],
  streamAt: StreamAt,
): Promise<readonly Item[]> => {
  const named: Item[] = []
  for (const item of items) {
    const { kind, to } = parseEdge(item.edge)
    named.push({ ...item, edge: edgeKey(kind, await streamAt(to)) })
  }
  return named
}

/**
 * New levels where a task is to depend on one that does not stand below it: what was searched on one side moves past the other
 * end, as little as is needed. Levels have room between them, so that nobody further out has to move as well.
 */
import type { StreamId } from '../event/envelope.ts'
import type { Searched } from './search-both-ways.ts'

/** Between levels where nobody stands further out. Sums of many of these are exact. */
export const GAP = 2 ** 32
/** Between levels that are put between others: thousands after each other, and tens always in the same place. */
const STEP = 2 ** 20

/** `border`: the level of the end that is not on this side. Null: there is no room before `beyond`. */
export const moveApart = (
  { side, tasks, edges, beyond }: Searched,
  border: number,
): ReadonlyMap<StreamId, number> | null => {
  const way = side === 'above' ? 1 : -1
  const onward = new Map<StreamId, StreamId[]>()
  for (const { from, to } of edges) {
    const others = onward.get(from)
    if (others === undefined) onward.set(from, [to.task])
    else others.push(to.task)
  }
  // By the level that stood: all that leads to a task comes before it.
  const inOrder = tasks.toSorted((a, b) => (a.level - b.level) * way)
  const places = new Map<StreamId, number>()
  let last = 1
  for (const { task } of inOrder) {
    const place = places.get(task) ?? 1
    places.set(task, place)
    last = Math.max(last, place)
    for (const next of onward.get(task) ?? []) places.set(next, Math.max(places.get(next) ?? 1, place + 1))
  }
  const step = beyond === null ? GAP : Math.min(STEP, Math.floor(Math.abs(beyond - border) / (last + 1)))
  if (step < 1) return null
  return new Map([...places].map(([task, place]) => [task, border + way * step * place]))
}

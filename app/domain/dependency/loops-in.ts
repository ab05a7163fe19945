/** Edges without which a graph has no circle: none of a graph that has none. The graph alone says which, not the order of its edges. */
import { levelsOf, type EdgePair } from './levels.ts'

export const loopsIn = (edges: readonly EdgePair[]): readonly EdgePair[] => {
  const levels = levelsOf(edges)
  // Only what has no level lies on a circle, or above one.
  const left = edges.filter(([from]) => !levels.has(from)).toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
  const below = new Map<string, string[]>()
  for (const [from, on] of left) below.set(from, [...(below.get(from) ?? []), on])
  const loops: EdgePair[] = []
  const isDone = new Set<string>()
  for (const first of below.keys()) {
    if (isDone.has(first)) continue
    const chain = [{ task: first, next: 0 }]
    const isInChain = new Set([first])
    for (let at = chain.at(-1); at !== undefined; at = chain.at(-1)) {
      const on = below.get(at.task)?.[at.next]
      at.next += 1
      if (on === undefined) {
        chain.pop()
        isInChain.delete(at.task)
        isDone.add(at.task)
      } else if (isInChain.has(on)) loops.push([at.task, on])
      else if (!isDone.has(on)) {
        chain.push({ task: on, next: 0 })
        isInChain.add(on)
      }
    }
  }
  return loops
}

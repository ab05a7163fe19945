/** How deep each task stands in the graph: the longest chain of dependencies below it. From scratch; the store keeps them up to date edge by edge. */

/** `[from, on]`: from depends on `on`. */
export type EdgePair = readonly [from: string, on: string]

/** Only levels above 0 are named. What lies on a cycle, or above one, has no longest chain and is left out. */
export const levelsOf = (edges: Iterable<EdgePair>): ReadonlyMap<string, number> => {
  const above = new Map<string, string[]>()
  const open = new Map<string, number>()
  for (const [from, on] of edges) {
    open.set(from, (open.get(from) ?? 0) + 1)
    const dependents = above.get(on)
    if (dependents === undefined) above.set(on, [from])
    else dependents.push(from)
  }
  const levels = new Map<string, number>()
  const highest = new Map<string, number>()
  const settled = [...above.keys()].filter((task) => !open.has(task))
  for (const task of settled) {
    const level = levels.get(task) ?? 0
    for (const dependent of above.get(task) ?? []) {
      highest.set(dependent, Math.max(highest.get(dependent) ?? 0, level + 1))
      const left = (open.get(dependent) ?? 0) - 1
      open.set(dependent, left)
      if (left > 0) continue
      levels.set(dependent, highest.get(dependent) ?? 0)
      settled.push(dependent)
    }
  }
  return levels
}

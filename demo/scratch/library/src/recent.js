/** A cache of limited size that forgets what was not used for longest. */

/** `get`, `set`, `has` (which is no use), `size` and `keys`, the least recently used first. */
export function createRecent(limit) {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('the limit is a whole number from 1 on')
  const entries = new Map()
  const touch = (key, value) => {
    entries.delete(key)
    entries.set(key, value)
  }
  return {
    get(key) {
      if (!entries.has(key)) return undefined
      const value = entries.get(key)
      touch(key, value)
      return value
    },
    set(key, value) {
      touch(key, value)
      while (entries.size > limit) entries.delete(entries.keys().next().value)
    },
    has: (key) => entries.has(key),
    keys: () => [...entries.keys()],
    get size() {
      return entries.size
    },
  }
}

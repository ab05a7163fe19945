/** Lets only so many calls at the connections at once, the others in the order in which they came: a pool that is busy is no server that does not answer. */
export const createTurns = (most: number): (<T>(body: () => Promise<T>) => Promise<T>) => {
  let free = most
  const waiting: (() => void)[] = []
  return async (body) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await body()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

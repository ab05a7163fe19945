/** Which commands of a batch must wait for which: those that name the same task go one after the other, as they were sent. */

const NOTHING = Promise.resolve()

/**
 * Runs every item, `most` of them at a time, and gives the results in the order of the items. An item begins when all before it
 * that share a name with it have ended. `run` must not throw: one item would take the others with it.
 */
export const runInOrder = async <Item, Result>(
  items: readonly Item[],
  namesOf: (item: Item) => readonly (string | number)[],
  most: number,
  run: (item: Item, at: number) => Promise<Result>,
): Promise<readonly Result[]> => {
  const lastOf = new Map<string | number, Promise<unknown>>()
  const turn = turns(most)
  return Promise.all(
    items.map((item, at) => {
      const names = namesOf(item)
      // Only earlier ones are waited for, so that nobody can wait in a circle.
      const before = Promise.all(names.map((name) => lastOf.get(name) ?? NOTHING))
      const result = before.then(() => turn(() => run(item, at)))
      for (const name of names) lastOf.set(name, result)
      return result
    }),
  )
}

/** At most so many at a time; the others wait in line. */
const turns = (most: number) => {
  let free = most
  const waiting: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

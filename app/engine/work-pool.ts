/** Keeps up to `parallel` items in work at once, taken from a durable queue; one slow item holds up nobody else. */
import type { Millis } from '../domain/event/envelope.ts'
import type { Log } from './log.ts'
import { createLoop, type Loop } from './loop.ts'

/** `work` settles its item itself and must not throw; when it does, the queue's claim runs out and the item comes back. */
export const createWorkPool = <Item>(deps: {
  readonly name: string
  readonly log: Log
  readonly idleMs: Millis
  readonly parallel: number
  readonly take: (limit: number) => Promise<readonly Item[]>
  readonly work: (item: Item) => Promise<void>
}): Loop => {
  const inWork = new Set<Promise<void>>()

  const begin = (item: Item): void => {
    const done = deps
      .work(item)
      .catch((error: unknown) => deps.log.error('item left to its claim', { pool: deps.name, reason: String(error) }))
      .then(() => {
        inWork.delete(done)
        // The next item of the same queue may be free now.
        loop.wake()
      })
    inWork.add(done)
  }

  const loop = createLoop({
    name: deps.name,
    log: deps.log,
    idleMs: deps.idleMs,
    round: async () => {
      if (inWork.size >= deps.parallel) {
        await Promise.race(inWork)
        return true
      }
      const items = await deps.take(deps.parallel - inWork.size)
      for (const item of items) begin(item)
      return items.length > 0
    },
  })

  return {
    ...loop,
    stop: async () => {
      await loop.stop()
      await Promise.all(inWork)
    },
  }
}

/**
 * Deliveries that arrive go before everything else: GitHub waits for their answers, and for nothing else that we do. Work
 * that has begun goes on; whoever begins new work asks here first. Knows neither what arrives nor what the work is.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../domain/event/envelope.ts'
import type { Inbox, Outbox } from './ports.ts'

export interface Arrivals {
  /** Runs `store`, and work stands back until it has ended; answers as it does. */
  during<T>(store: () => Promise<T>): Promise<T>
  /** Resolves when nothing arrives, or when it was waited for long enough. */
  over(): Promise<void>
}

/** Under a stream of deliveries that never ends, work still gets a turn so often. */
const LONGEST_MS: Millis = 2000
/** Turns of the event loop until a request is seen that the kernel already has: its connection is accepted, it is read, and one for a body in parts. */
const TURNS = 3

export const createArrivals = (longestMs: Millis = LONGEST_MS): Arrivals => {
  let count = 0
  let ended = Promise.withResolvers<void>()

  return {
    during: async (store) => {
      count += 1
      try {
        return await store()
      } finally {
        count -= 1
        if (count === 0) {
          ended.resolve()
          ended = Promise.withResolvers()
        }
      }
    },
    over: async () => {
      const until = performance.now() + longestMs
      for (let calm = 0; calm < TURNS && performance.now() < until; calm += 1) {
        await nextTurn()
        if (count === 0) continue
        calm = -1
        await atMost(Math.max(0, until - performance.now()), ended.promise)
      }
    },
  }
}

const atMost = async (ms: Millis, promise: Promise<void>): Promise<void> => {
  const timer = new AbortController()
  // The sleep that is not needed any more is ended, so that it keeps no process alive.
  await Promise.race([promise, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)])
  timer.abort()
}

/** The same queue, but it hands out nothing while deliveries arrive. */
export const behind = <Queue extends Pick<Inbox, 'take'> | Pick<Outbox, 'take'>>(
  arrivals: Arrivals,
  queue: Queue,
): Queue => ({
  ...queue,
  take: async (limit: number, holdMs: Millis) => {
    await arrivals.over()
    return queue.take(limit, holdMs)
  },
})

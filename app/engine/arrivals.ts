/**
 * Deliveries that arrive go before everything else: GitHub waits for their answers, and for nothing else that we do. Work
 * that has begun goes on; whoever begins new work asks here first. Knows neither what arrives nor what the work is.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../domain/event/envelope.ts'
import type { Inbox, Outbox } from './ports.ts'

export interface Arrivals {
  /** Runs `store`, and work stands back until it has ended; answers as it does. `ordered`: it may come after what it precedes. */
  during<T>(store: () => Promise<T>, ordered?: boolean): Promise<T>
  /** Resolves when nothing arrives, or when it was waited for long enough. */
  over(): Promise<void>
  /** How long what is ordered has to have waited, because more of it arrives; 0: no more does. */
  patience(): Millis
}

/** Under a stream of deliveries that never ends, work still gets a turn so often. */
const LONGEST_MS: Millis = 2000
/** Turns of the event loop until a request is seen that the kernel already has: its connection is accepted, it is read, and one for a body in parts. */
const TURNS = 3
/** Deliveries of one burst follow each other faster than this, also when their sender waits for each answer. */
const LULL_MS: Millis = 400
/** As long as a burst of some hundred takes when they come one by one. Who writes while it lasts waits so long at most. */
const PATIENCE_MS: Millis = 3000

export const createArrivals = (longestMs: Millis = LONGEST_MS): Arrivals => {
  let count = 0
  let ended = Promise.withResolvers<void>()
  let lastOrdered = Number.NEGATIVE_INFINITY

  return {
    during: async (store, ordered = false) => {
      count += 1
      if (ordered) lastOrdered = performance.now()
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
    patience: () => (performance.now() - lastOrdered < LULL_MS ? PATIENCE_MS : 0),
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

/** The same inbox, but what is ordered waits for what precedes it while a burst goes on. */
export const inOrder = <Queue extends Pick<Inbox, 'take'>>(
  arrivals: Pick<Arrivals, 'patience'>,
  inbox: Queue,
): Queue => ({
  ...inbox,
  take: (limit: number, holdMs: Millis) => inbox.take(limit, holdMs, arrivals.patience()),
})

/**
 * Node's SQLite answers at once, so a caller that awaits one call after the other never leaves its turn of the event
 * loop, and requests and timers wait until it is through. This gives them a turn in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Far below anything a person notices, far above what a turn costs. */
const TURN_MS = 10

/** Called before each piece of work, never within a transaction. */
export const createTurnGiver = (monotonicMs: () => number = () => performance.now()): (() => Promise<void>) => {
  let last = monotonicMs()
  return async () => {
    if (monotonicMs() - last < TURN_MS) return
    await nextTurn()
    last = monotonicMs()
  }
}

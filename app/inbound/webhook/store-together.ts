/**
 * Lets deliveries that arrive close together be stored together, so that many share one sync of the disk. How they are put
 * into one transaction is the store's own matter; this only has them come at the same time.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../../domain/event/envelope.ts'

/** Added to the time of a delivery's answer at most, far below what GitHub waits for. */
const LONGEST_PAUSE_MS: Millis = 20

/**
 * Whatever is given while a group is being stored, and for as long again, makes up the next group: a disk that is slow to
 * sync gets larger groups, and at least half of the time is left for reading requests. A lone delivery waits for nothing.
 */
export const createStoreTogether = (
  /** Called after each group. */
  stored: () => void,
): (<T>(store: () => Promise<T>) => Promise<T>) => {
  let gathering: (() => Promise<unknown>)[] = []
  let running = false

  const run = async (): Promise<void> => {
    running = true
    while (gathering.length > 0) {
      const group = gathering
      gathering = []
      const started = performance.now()
      await Promise.allSettled(group.map((store) => store()))
      stored()
      await sleep(Math.min(performance.now() - started, LONGEST_PAUSE_MS))
    }
    running = false
  }

  return <T>(store: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      gathering.push(() => store().then(resolve, reject))
      if (!running) void run()
    })
}

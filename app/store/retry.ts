/** Repeats a transaction that lost a race for a lock. The wait is asynchronous, so that the event loop goes on, and jittered, so that rivals part. */
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreFault } from './store-fault.ts'

const FIRST_WAIT_MS = 2
const LONGEST_WAIT_MS = 100
/** Waits sum to about 6 s on average: longer than any transaction of ours, shorter than anyone's patience. */
const MOST_TRIES = 130

/** `isLost` recognises, by code, errors after which nothing was changed and the same body may simply run again. */
export const withRetry = async <T>(isLost: (error: unknown) => boolean, body: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await body()
    } catch (error) {
      if (!isLost(error)) throw error
      if (tries >= MOST_TRIES) {
        throw new StoreFault('busy', 'The database stayed locked by other writers; the call may be repeated.', {
          retryable: true,
          cause: error,
        })
      }
      await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10)))
    }
  }
}

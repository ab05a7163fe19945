/** Reads that wait and try again when GitHub, or our own lanes, say so. For work that a person watches; never for writes. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock } from '../../../engine/ports.ts'
import { isGitHubFault } from '../client/fault.ts'

export type Sleep = (ms: Millis) => Promise<void>

const TRIES = 6
const FIRST_WAIT_MS: Millis = 1_000
/** A limit that lasts longer is for the person to know of. */
const LONGEST_WAIT_MS: Millis = 15 * 60_000

export interface PatienceLimits {
  readonly tries: number
  readonly longestWaitMs: Millis
}

/** What a restore that a person started has. */
const PATIENT: PatienceLimits = { tries: TRIES, longestWaitMs: LONGEST_WAIT_MS }

export const createPatience =
  (clock: Clock, sleep: Sleep, { tries, longestWaitMs }: PatienceLimits = PATIENT) =>
  async <T>(read: () => Promise<T>): Promise<T> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await read()
      } catch (error) {
        if (!isGitHubFault(error) || !error.retryable || tried === tries) throw error
        const told = error.retryAt === null ? 0 : error.retryAt - clock.now()
        const waitMs = Math.max(FIRST_WAIT_MS * 2 ** (tried - 1), told)
        if (waitMs > longestWaitMs) throw error
        await sleep(waitMs)
      }
    }
  }

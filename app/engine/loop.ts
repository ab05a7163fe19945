/** A loop that works while there is work, sleeps while there is none, can be woken, and stops cleanly. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../domain/event/envelope.ts'
import { summarise } from './fault.ts'
import type { Log } from './log.ts'

export interface Loop {
  start(): void
  /** There may be work now. */
  wake(): void
  /** Resolves when the round in progress is over. */
  stop(): Promise<void>
}

/** After a round that threw, so that a broken database is not hammered. */
const FAULT_PAUSE_MS: Millis = 1000

/** `round` says whether it found work: then the next one follows at once. */
export const createLoop = (deps: {
  readonly name: string
  readonly log: Log
  readonly idleMs: Millis
  readonly round: () => Promise<boolean>
}): Loop => {
  let running: Promise<void> | null = null
  const stopping = new AbortController()
  let nap = new AbortController()
  let woken = false

  const pause = async (ms: Millis): Promise<void> => {
    if (woken) {
      woken = false
      return
    }
    nap = new AbortController()
    await sleep(ms, undefined, { signal: nap.signal }).catch(() => undefined)
    woken = false
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (!(await deps.round()) && !stopping.signal.aborted) await pause(deps.idleMs)
      } catch (error) {
        deps.log.error('loop failed, going on', { loop: deps.name, reason: summarise(error) })
        if (!stopping.signal.aborted) await pause(FAULT_PAUSE_MS)
      }
    }
  }

  return {
    start: () => {
      running ??= run()
    },
    wake: () => {
      woken = true
      nap.abort()
    },
    stop: async () => {
      stopping.abort()
      nap.abort()
      await running
    },
  }
}

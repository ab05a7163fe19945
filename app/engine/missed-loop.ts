/** When to look for deliveries that never arrived: right after a start that followed an earlier life, once more soon after, then now and then. */
import type { Millis } from '../domain/event/envelope.ts'
import type { Log } from './log.ts'
import { createLoop, type Loop } from './loop.ts'
import type { Clock } from './ports.ts'

/** GitHub's own log may lag, and a delivery may have failed just as we came up. */
const AGAIN_MS: Millis = 5_000
const NOW_AND_THEN_MS: Millis = 5 * 60_000

export interface MissedLoop extends Loop {
  /** When the earlier life was last known to be alive; null: there was none, and nothing can have been missed. */
  since(lastAlive: Millis | null): void
}

export const createMissedLoop = (deps: {
  readonly look: (since: Millis) => Promise<number>
  readonly clock: Clock
  readonly log: Log
}): MissedLoop => {
  const { look, clock, log } = deps
  let from = clock.now()
  let due: Millis[] = []
  const loop = createLoop({
    name: 'missed deliveries',
    log,
    idleMs: 1000,
    round: async () => {
      const now = clock.now()
      if (due.length === 0) due = [now + NOW_AND_THEN_MS]
      if ((due[0] ?? 0) > now) return false
      await look(from)
      due = due.slice(1)
      // The looks after a start cover the same time; later ones go on from here.
      if (due.length === 0) from = now
      return false
    },
  })
  return {
    ...loop,
    since(lastAlive) {
      if (lastAlive === null) return
      from = lastAlive
      const now = clock.now()
      due = [now, now + AGAIN_MS]
    },
  }
}

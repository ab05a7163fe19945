/** When to look for deliveries that never arrived: right after a start, once more soon after one that followed an earlier life, then now and then. */
import type { Millis } from '../domain/event/envelope.ts'
import type { Log } from './log.ts'
import { createLoop, type Loop } from './loop.ts'
import type { Clock, Documents } from './ports.ts'

/** GitHub's own log may lag, and a delivery may have failed just as we came up. */
const AGAIN_MS: Millis = 5_000
const NOW_AND_THEN_MS: Millis = 5 * 60_000
/** GitHub keeps no deliveries for longer. The very first life looks this far back: what was sent before it is its to answer. */
const KEPT_BY_GITHUB_MS: Millis = 3 * 24 * 3_600_000
/** Up to when everything was looked at: a life that ends before its look must not make the next one forget. */
const UNTIL = ['missed deliveries', 'looked until'] as const

export interface MissedLoop extends Loop {
  /** Before the door opens: from now on deliveries can be missed, also by a life that ends before it has begun to work. */
  open(): Promise<void>
  /** When the earlier life was last known to be alive; null: there was none, and whatever GitHub still has was missed. Durable. */
  since(lastAlive: Millis | null): Promise<void>
}

export const createMissedLoop = (deps: {
  readonly look: (since: Millis) => Promise<number>
  readonly documents: Pick<Documents, 'get' | 'put'>
  readonly clock: Clock
  readonly log: Log
}): MissedLoop => {
  const { look, documents, clock, log } = deps
  let from = clock.now()
  let due: Millis[] = []
  /** Nothing was looked at before this life. */
  let isFirst = false
  const loop = createLoop({
    name: 'missed deliveries',
    log,
    idleMs: 1000,
    round: async () => {
      const now = clock.now()
      if (due.length === 0) due = [now + NOW_AND_THEN_MS]
      if ((due[0] ?? 0) > now) return false
      await look(from)
      // The looks after a start cover the same time; later ones go on from here.
      if (due.length === 1) {
        await documents.put(...UNTIL, String(now))
        from = now
      }
      due = due.slice(1)
      return false
    },
  })
  return {
    ...loop,
    async open() {
      if ((await documents.get(...UNTIL)) !== null) return
      isFirst = true
      await documents.put(...UNTIL, String(from - KEPT_BY_GITHUB_MS))
    },
    async since(lastAlive) {
      const known = isFirst ? null : await documents.get(...UNTIL)
      const isVeryFirst = known === null && lastAlive === null
      from = known === null ? (lastAlive ?? from - KEPT_BY_GITHUB_MS) : Number(known)
      if (known === null) await documents.put(...UNTIL, String(from))
      const now = clock.now()
      due = isVeryFirst ? [now] : [now, now + AGAIN_MS]
    },
  }
}

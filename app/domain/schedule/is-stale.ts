/** Whether a lease may be taken over before it runs out: its agent has been silent for a share of its time to live. */
import type { Millis } from '../event/envelope.ts'
import type { Lease } from '../task/state.ts'

/** `until`: the volatile deadline, which each heartbeat moves to one time to live from then. One that is over is for time to end. */
export const isStale = (
  { ttlMs }: Pick<Lease, 'ttlMs'>,
  until: Millis | null,
  now: Millis,
  stealAfter: number | undefined,
): boolean => stealAfter !== undefined && until !== null && now < until && now - (until - ttlMs) >= stealAfter * ttlMs

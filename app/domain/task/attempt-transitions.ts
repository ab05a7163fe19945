/** The one table of how attempts go: which events turn one, from where, to where. evolve obeys it, a law holds decide to it, the docs draw it. */
import type { TaskEventType } from './events.ts'
import type { AttemptStatus } from './state.ts'

interface Turn {
  readonly from: readonly AttemptStatus[]
  readonly to: AttemptStatus
}

/** What `lease-granted` opens an attempt with. Nothing queues attempts before their lease yet. */
export const FIRST_STATUS = 'leased' satisfies AttemptStatus

const LIVE: readonly AttemptStatus[] = ['queued', 'leased', 'running']

export const ATTEMPT_TRANSITIONS = {
  'attempt-started': { from: ['leased'], to: 'running' },
  'attempt-succeeded': { from: LIVE, to: 'succeeded' },
  // CI may overrule an attempt's own word.
  'attempt-failed': { from: [...LIVE, 'succeeded'], to: 'failed' },
  'attempt-canceled': { from: LIVE, to: 'canceled' },
  'lease-released': { from: LIVE, to: 'canceled' },
  'lease-expired': { from: LIVE, to: 'expired' },
} as const satisfies Partial<Record<TaskEventType, Turn>>

export type TurningEvent = keyof typeof ATTEMPT_TRANSITIONS

/** Where the event takes an attempt that stands at `from`, or null when it may not happen there. */
export const attemptTransition = (from: AttemptStatus, event: TurningEvent): AttemptStatus | null => {
  const row: Turn = ATTEMPT_TRANSITIONS[event]
  return row.from.includes(from) ? row.to : null
}

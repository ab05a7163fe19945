/**
 * The order of ready work: earliest due first. A task's rank is the time by which somebody should take it, fixed while it is
 * ready: all tasks age alike, so none is passed over for ever, and no rank changes as time passes. Does not say who may take it.
 */
import type { Millis } from '../event/envelope.ts'
import type { Priority, Task } from '../task/state.ts'

const HOUR: Millis = 3_600_000

/** How long a ready task may wait for somebody, by its priority: of two, the one whose patience ends first goes first. */
export const PATIENCE = {
  p0: 0,
  p1: 4 * HOUR,
  p2: 24 * HOUR,
  p3: 7 * 24 * HOUR,
} as const satisfies Record<Priority, Millis>

/** Before a deadline there must be time for the work itself and this much for a review or a second attempt. */
const MARGIN_MS: Millis = 4 * HOUR

/** When the task should be taken at the latest; smaller goes first. Null: it is not ready. */
export const rankOf = ({ status, statusSince, priority, details }: Task): Millis | null => {
  if (status !== 'ready') return null
  const patient = statusSince + PATIENCE[priority]
  if (details.deadline === undefined) return patient
  const lead = MARGIN_MS + (details.estimate?.durationMs ?? 0)
  return Math.min(patient, details.deadline - lead)
}

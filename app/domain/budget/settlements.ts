/**
 * What follows in the books from what happened to a task: a reservation is settled when its attempt ends, held after its lease
 * ran out, corrected by a later bill, and passed when more was used. The reservation itself is made in keep-books.ts.
 */
import type { Millis } from '../event/envelope.ts'
import type { Settings } from '../settings.ts'
import { taskEvent, type Measures, type NewTaskEvent } from '../task/events.ts'
import { isLive, type Attempt, type Task } from '../task/state.ts'
import { UNITS } from './books.ts'
import { aboveReservation, corrected, costsAfterExpiry, costsOf, costsOfHeld } from './costs.ts'
import { play } from './play.ts'
import type { Costs, Reservation } from './reservation.ts'

interface Moment {
  readonly now: Millis
  readonly settings: Settings
}

/** When the first of the task's held reservations is settled without a report; null: none is held. */
export const heldUntil = ({ attempts }: Task): Millis | null => {
  const ends = attempts.flatMap((attempt) => holdEnd(attempt) ?? [])
  return ends.length === 0 ? null : Math.min(...ends)
}

const holdEnd = ({ status, endedAt, reservation, settled }: Attempt): Millis | null =>
  reservation !== undefined && settled === undefined && status === 'expired' && endedAt !== null
    ? endedAt + reservation.holdMs
    : null

/** `after` is the task with the events already in it. */
export const settlements = (
  after: Task,
  events: readonly NewTaskEvent[],
  { now, settings }: Moment,
): readonly NewTaskEvent[] =>
  after.attempts.flatMap((attempt) => {
    const { reservation } = attempt
    if (reservation === undefined) return []
    const bills = events.flatMap((event) =>
      event.type === 'attempt-measured' && event.data.attempt === attempt.n ? [event.data.measures] : [],
    )
    if (attempt.settled !== undefined && bills.length === 0) return []
    const moved = settle(attempt, reservation, bills, { now, settings })
    const standing = play(after, moved, now).attempts.find(({ n }) => n === attempt.n) ?? attempt
    return [...moved, ...overrun(standing, reservation, settings)]
  })

const settle = (
  attempt: Attempt,
  reservation: Reservation,
  bills: readonly Measures[],
  { now, settings: { prices } }: Moment,
): readonly NewTaskEvent[] => {
  const { settled, n } = attempt
  if (settled !== undefined) {
    const costs = corrected(settled, bills, attempt, prices)
    return isSame(costs, settled) ? [] : [taskEvent('budget-corrected', { attempt: n, costs })]
  }
  if (isLive(attempt.status) || attempt.status === 'queued') return []
  const end = holdEnd(attempt)
  const costs =
    end === null
      ? costsOf(attempt, reservation, prices)
      : (costsAfterExpiry(attempt, reservation, bills, prices) ??
        (end <= now ? costsOfHeld(attempt, reservation, prices) : null))
  return costs === null ? [] : [taskEvent('budget-settled', { attempt: n, costs })]
}

const overrun = (attempt: Attempt, reservation: Reservation, { prices }: Settings): readonly NewTaskEvent[] => {
  const above = aboveReservation(attempt, reservation, prices)
  const isNews = UNITS.some((unit) => above[unit] > (attempt.overrun?.[unit] ?? 0))
  return isNews ? [taskEvent('budget-overrun', { attempt: attempt.n, above })] : []
}

const isSame = (a: Costs, b: Costs): boolean =>
  UNITS.every((unit) => a[unit].amount === b[unit].amount && a[unit].basis === b[unit].basis)

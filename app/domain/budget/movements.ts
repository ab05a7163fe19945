/** The ledger of money: every reservation, settlement, correction and overrun of a task, from its events. Sums of it are the books. */
import type { Millis } from '../event/envelope.ts'
import type { TaskEvent } from '../task/events.ts'
import type { Sums } from './books.ts'
import { perUnit } from './costs.ts'
import type { Costs, Reservation } from './reservation.ts'

export interface Movement {
  readonly at: Millis
  readonly attempt: number
  /** The day that it belongs to: of the grant, not of the movement. */
  readonly day: string
  readonly kind: 'reserved' | 'settled' | 'corrected' | 'overrun'
  /** Set aside; spent instead of that; the difference to what was said before; above what was set aside, more than before. */
  readonly amount: Sums
}

/** In the order of the log. Attempts without a reservation move nothing. */
export const movementsOf = (events: readonly TaskEvent[]): readonly Movement[] => {
  const reservations = new Map<number, Reservation>()
  const costs = new Map<number, Costs>()
  const above = new Map<number, Sums>()
  return events.flatMap((event): readonly Movement[] => {
    const moved = (attempt: number, kind: Movement['kind'], amount: Sums): readonly Movement[] => {
      const day = reservations.get(attempt)?.day
      return day === undefined ? [] : [{ at: event.at, attempt, day, kind, amount }]
    }
    switch (event.type) {
      case 'lease-granted': {
        const { reservation, lease } = event.data
        if (reservation === undefined) return []
        reservations.set(lease.attempt, reservation)
        return moved(
          lease.attempt,
          'reserved',
          perUnit((unit) => reservation[unit] ?? 0),
        )
      }
      case 'budget-settled':
      case 'budget-corrected': {
        const { attempt } = event.data
        const before = costs.get(attempt)
        costs.set(attempt, event.data.costs)
        const difference = perUnit((unit) => event.data.costs[unit].amount - (before?.[unit].amount ?? 0))
        return moved(attempt, event.type === 'budget-settled' ? 'settled' : 'corrected', difference)
      }
      case 'budget-overrun': {
        const { attempt } = event.data
        const before = above.get(attempt)
        above.set(attempt, event.data.above)
        const more = perUnit((unit) => event.data.above[unit] - (before?.[unit] ?? 0))
        return moved(attempt, 'overrun', more)
      }
      default:
        return []
    }
  })
}

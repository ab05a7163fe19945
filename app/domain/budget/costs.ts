/** What an attempt cost, by the figures that are known of it. A figure that cannot be believed counts as none, and none costs what was set aside. */
import type { Millis } from '../event/envelope.ts'
import type { Measures } from '../task/events.ts'
import type { Attempt, Trust } from '../task/state.ts'
import type { Sums, Unit } from './books.ts'
import { counted } from './contributions.ts'
import { priceOf, type Prices } from './prices.ts'
import type { Cost, Costs, Reservation } from './reservation.ts'

/** A run of this length has cost something: its zero is no figure. */
export const LONG_RUN_MS: Millis = 60_000

/** What somebody says of a run. */
export type Figures = Pick<Measures, 'costMicroUsd' | 'tokens' | 'model'> & { readonly trust: Trust | null }

type Figure = Omit<Cost, 'basis'> & { readonly basis: 'reported' | 'priced' }

/** The figure in one unit, or null where there is none to believe. */
export const figureOf = (unit: Unit, said: Figures, attempt: Attempt, prices: Prices | undefined): Figure | null => {
  const { costMicroUsd, tokens, model } = said
  const reported = unit === 'tokens' ? (tokens?.total ?? null) : costMicroUsd
  const priced =
    unit === 'tokens' || reported !== null || tokens === null ? null : priceOf(tokens, model ?? attempt.model, prices)
  const amount = reported ?? priced
  if (amount === null || (amount <= 0 && isLong(attempt))) return null
  return { amount: counted(amount), basis: reported === null ? 'priced' : 'reported', trust: said.trust ?? 'self' }
}

/** By our own clock: what a run says of its length proves nothing. */
const isLong = ({ openedAt, endedAt }: Attempt): boolean => endedAt === null || endedAt - openedAt >= LONG_RUN_MS

/** Each unit in turn: `by('microUsd')`, `by('tokens')`. */
export const perUnit = <Of>(by: (unit: Unit) => Of): Readonly<Record<Unit, Of>> => ({
  microUsd: by('microUsd'),
  tokens: by('tokens'),
})

/** Of an attempt that has ended, by all that was said of it so far. */
export const costsOf = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Costs =>
  perUnit((unit) => figureOf(unit, attempt, attempt, prices) ?? withoutFigure(unit, attempt, reservation))

/**
 * Of an attempt whose lease ran out: figures from before that say only how far it had come, those that came after are the bill.
 * Null: none of those has come.
 */
export const costsAfterExpiry = (
  attempt: Attempt,
  reservation: Reservation,
  bills: readonly Figures[],
  prices: Prices | undefined,
): Costs | null => {
  const figures = perUnit(
    (unit) => bills.map((bill) => figureOf(unit, bill, attempt, prices)).findLast((figure) => figure !== null) ?? null,
  )
  if (figures.microUsd === null && figures.tokens === null) return null
  return perUnit((unit) => figures[unit] ?? held(unit, attempt, reservation, prices))
}

/** Nobody has reported in time: all that was set aside, or more where more was seen. */
export const costsOfHeld = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Costs =>
  perUnit((unit) => held(unit, attempt, reservation, prices))

const held = (unit: Unit, attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Cost => {
  const seen = figureOf(unit, attempt, attempt, prices)
  const set = withoutFigure(unit, attempt, reservation)
  return seen !== null && seen.amount > set.amount ? seen : set
}

const withoutFigure = (unit: Unit, attempt: Attempt, reservation: Reservation): Cost => {
  const reserved = reservation[unit]
  if (reserved === null) return { amount: 0, basis: 'unknown', trust: null }
  const givenBack = attempt.status === 'canceled' && attempt.startedAt === null && !isLong(attempt)
  return givenBack
    ? { amount: 0, basis: 'unused', trust: null }
    : { amount: reserved, basis: 'reservation', trust: null }
}

const RANKS: readonly (Trust | null)[] = [null, 'self', 'ci', 'platform']

/** What a later figure makes of a settlement: nothing, unless it is believed at least as much. */
export const corrected = (costs: Costs, said: Figures, attempt: Attempt, prices: Prices | undefined): Costs =>
  perUnit((unit) => {
    const stands = costs[unit]
    const figure = figureOf(unit, said, attempt, prices)
    if (figure === null || RANKS.indexOf(figure.trust) < RANKS.indexOf(stands.trust)) return stands
    return figure.amount === stands.amount && figure.basis === stands.basis ? stands : figure
  })

/** How far above its reservation an attempt is known to be; only what was set aside can be passed. */
export const aboveReservation = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Sums =>
  perUnit((unit) => {
    const known = attempt.settled?.[unit].amount ?? figureOf(unit, attempt, attempt, prices)?.amount ?? 0
    const reserved = reservation[unit]
    return reserved === null ? 0 : Math.max(0, known - reserved, attempt.overrun?.[unit] ?? 0)
  })

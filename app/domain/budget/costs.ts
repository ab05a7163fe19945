/** What an attempt cost, by the figures that are known of it. A figure that cannot be believed counts as none, and none costs what was set aside. */
import type { Millis } from '../event/envelope.ts'
import type { Measures } from '../task/events.ts'
import type { Attempt, Trust } from '../task/state.ts'
import { billsOf, isBelievedLess, isOfRun, totalOf, type Bill, type Figure } from './bills.ts'
import type { Sums, Unit } from './books.ts'
import { counted } from './contributions.ts'
import { priceOf, type Prices } from './prices.ts'
import type { Cost, Costs, Reservation } from './reservation.ts'

/** A run of this length has cost something: its zero is no figure. */
export const LONG_RUN_MS: Millis = 60_000

/** What somebody says of a run. */
export type Figures = Pick<Measures, 'costMicroUsd' | 'tokens' | 'model'> & { readonly trust: Trust | null }

/** The figure in one unit, or null where there is none to believe. */
const figureOf = (unit: Unit, said: Figures, attempt: Attempt, prices: Prices | undefined): Figure | null => {
  const figure = saidOf(unit, said, attempt, prices)
  return figure === null || isEmpty(figure, attempt) ? null : figure
}

const saidOf = (unit: Unit, said: Figures, attempt: Attempt, prices: Prices | undefined): Figure | null => {
  const { costMicroUsd, tokens, model } = said
  const reported = unit === 'tokens' ? (tokens?.total ?? null) : costMicroUsd
  const priced =
    unit === 'tokens' || reported !== null || tokens === null ? null : priceOf(tokens, model ?? attempt.model, prices)
  const amount = reported ?? priced
  if (amount === null) return null
  return { amount: counted(amount), basis: reported === null ? 'priced' : 'reported', trust: said.trust ?? 'self' }
}

const isEmpty = ({ amount }: Figure, attempt: Attempt): boolean => amount <= 0 && isLong(attempt)

/** By our own clock: what a run says of its length proves nothing. */
const isLong = ({ openedAt, endedAt }: Attempt): boolean => endedAt === null || endedAt - openedAt >= LONG_RUN_MS

/** Each unit in turn: `by('microUsd')`, `by('tokens')`. */
export const perUnit = <Of>(by: (unit: Unit) => Of): Readonly<Record<Unit, Of>> => ({
  microUsd: by('microUsd'),
  tokens: by('tokens'),
})

/**
 * What its run has cost by this report and by those before it: less trust does not replace more. What is said of the whole
 * attempt tells how far it has come, and is replaced until the attempt is paid for.
 */
export const billOf = (attempt: Attempt, said: Measures, prices: Prices | undefined): Bill => {
  const run = said.run === null ? null : { id: said.run.id, attempt: said.run.attempt }
  const before = billsOf(attempt).find((bill) => isOfRun(bill, run))
  const isOpen = run === null && attempt.settled === undefined
  return {
    run,
    ...perUnit((unit) => {
      const figure = saidOf(unit, said, attempt, prices)
      const stands = before?.[unit] ?? null
      if (figure === null || stands === null || isEmpty(stands, attempt)) return figure ?? stands
      if (isEmpty(figure, attempt)) return stands
      return isOpen || !isBelievedLess(figure.trust, stands.trust) ? figure : stands
    }),
  }
}

/** All that is known of it; null: nothing that can be believed. */
const costSoFar = (unit: Unit, attempt: Attempt, prices: Prices | undefined): Figure | null => {
  if (attempt.bills === undefined) return figureOf(unit, attempt, attempt, prices)
  const total = totalOf(unit, attempt.bills)
  return total === null || isEmpty(total, attempt) ? null : { ...total, amount: counted(total.amount) }
}

/** Of an attempt that has ended, by all that was said of it so far. */
export const costsOf = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Costs =>
  perUnit((unit) => costSoFar(unit, attempt, prices) ?? withoutFigure(unit, attempt, reservation))

/**
 * Of an attempt whose lease ran out: figures from before that may say only how far it had come, those that came after are the
 * bill of their run. Null: none of those has come.
 */
export const costsAfterExpiry = (
  attempt: Attempt,
  reservation: Reservation,
  bills: readonly Figures[],
  prices: Prices | undefined,
): Costs | null => {
  const isBilled = perUnit((unit) => says(unit, bills, attempt, prices))
  if (!isBilled.microUsd && !isBilled.tokens) return null
  return perUnit(
    (unit) => (isBilled[unit] ? costSoFar(unit, attempt, prices) : null) ?? held(unit, attempt, reservation, prices),
  )
}

const says = (unit: Unit, bills: readonly Figures[], attempt: Attempt, prices: Prices | undefined): boolean =>
  bills.some((bill) => figureOf(unit, bill, attempt, prices) !== null)

/** Nobody has reported in time: all that was set aside, or more where more was seen. */
export const costsOfHeld = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Costs =>
  perUnit((unit) => held(unit, attempt, reservation, prices))

const held = (unit: Unit, attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Cost => {
  const seen = costSoFar(unit, attempt, prices)
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

/** What later bills make of a settlement: nothing, unless they are believed. */
export const corrected = (
  costs: Costs,
  bills: readonly Figures[],
  attempt: Attempt,
  prices: Prices | undefined,
): Costs =>
  perUnit((unit) => {
    const stands = costs[unit]
    const figure = says(unit, bills, attempt, prices) ? costSoFar(unit, attempt, prices) : null
    return figure === null || (figure.amount === stands.amount && figure.basis === stands.basis) ? stands : figure
  })

/** How far above its reservation an attempt is known to be; only what was set aside can be passed. */
export const aboveReservation = (attempt: Attempt, reservation: Reservation, prices: Prices | undefined): Sums =>
  perUnit((unit) => {
    const known = attempt.settled?.[unit].amount ?? costSoFar(unit, attempt, prices)?.amount ?? 0
    const reserved = reservation[unit]
    return reserved === null ? 0 : Math.max(0, known - reserved, attempt.overrun?.[unit] ?? 0)
  })

/**
 * What the runs of one attempt have cost, each by the last report of it that was believed: together they are its cost. A figure
 * that is not of a run is of the whole attempt, and stands only until a run that is believed as much has reported.
 */
import type { Attempt, Trust } from '../task/state.ts'
import { UNITS, type Unit } from './books.ts'

export interface BilledRun {
  readonly id: number
  readonly attempt: number
}

export interface Figure {
  readonly amount: number
  readonly basis: 'reported' | 'priced'
  readonly trust: Trust
}

export interface Bill extends Readonly<Record<Unit, Figure | null>> {
  /** Null: said of the attempt as a whole. */
  readonly run: BilledRun | null
}

/** Of one attempt. Older runs are added up into one: what is said of them again later would count twice. */
const MOST_BILLS = 12
const OLDER: BilledRun = { id: 0, attempt: 0 }

const RANKS: readonly (Trust | null)[] = [null, 'self', 'ci', 'platform']

export const isBelievedLess = (a: Trust | null, b: Trust | null): boolean => RANKS.indexOf(a) < RANKS.indexOf(b)

export const isOfRun = ({ run }: Pick<Bill, 'run'>, other: BilledRun | null): boolean =>
  run?.id === other?.id && run?.attempt === other?.attempt

/** Null: nobody has named a figure. */
export const totalOf = (unit: Unit, bills: readonly Bill[]): Figure | null => {
  const whole = bills.find(({ run }) => run === null)?.[unit] ?? null
  const [first, ...more] = bills.flatMap((bill) => (bill.run === null ? [] : (bill[unit] ?? [])))
  if (first === undefined) return whole
  const sum = more.reduce(plus, first)
  const isOver = [first, ...more].every(({ trust }) => whole !== null && isBelievedLess(trust, whole.trust))
  return isOver ? whole : sum
}

/** Believed as the one of the two that is believed less. */
const plus = (a: Figure, b: Figure): Figure => ({
  amount: a.amount + b.amount,
  basis: a.basis === 'priced' ? 'priced' : b.basis,
  trust: isBelievedLess(a.trust, b.trust) ? a.trust : b.trust,
})

/** In place of what was known of the same run. */
export const withBill = (bills: readonly Bill[], bill: Bill): readonly Bill[] => {
  const others = bills.filter((one) => !isOfRun(one, bill.run))
  const all = UNITS.every((unit) => bill[unit] === null) ? others : [...others, bill]
  const runs = all.filter(({ run }) => run !== null)
  if (runs.length <= MOST_BILLS) return all
  const oldest = runs.slice(0, runs.length - MOST_BILLS + 1)
  const older = { run: OLDER, microUsd: totalOf('microUsd', oldest), tokens: totalOf('tokens', oldest) }
  return [older, ...all.filter((one) => !oldest.includes(one))]
}

/** Attempts of versions that kept no bills have one: what they were settled at, else what was reported last. */
export const billsOf = ({ bills, settled, costMicroUsd, tokens, trust, run }: Attempt): readonly Bill[] => {
  if (bills !== undefined) return bills
  const said = { microUsd: costMicroUsd, tokens: tokens?.total ?? null }
  const figure = (unit: Unit): Figure | null => {
    const stands = settled?.[unit]
    if (stands !== undefined && stands.trust !== null) {
      return { amount: stands.amount, basis: stands.basis === 'priced' ? 'priced' : 'reported', trust: stands.trust }
    }
    const amount = said[unit]
    return amount === null ? null : { amount, basis: 'reported', trust: trust ?? 'self' }
  }
  const only = { run, microUsd: figure('microUsd'), tokens: figure('tokens') }
  return withBill([], only)
}

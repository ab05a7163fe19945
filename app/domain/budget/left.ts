/**
 * What may still be spent on a task: of its own budget, and of whichever other one is the tightest. What is set aside for the
 * live attempt counts as left, as far as it is not used. Grants and refusals rest on keep-books.ts, not on this.
 */
import type { Attempt, Task } from '../task/state.ts'
import { billsOf, totalOf } from './bills.ts'
import { bookAt, compareBooks, heldAndSpent, UNITS, type Book, type BookKey, type Sums, type Unit } from './books.ts'
import { booksOf, partOf } from './contributions.ts'
import type { BudgetFacts } from './facts.ts'
import { limitsOf, type BookLimit } from './limits.ts'
import type { Settings } from '../settings.ts'

/** Of one book; null: not limited in that unit, or another book is tighter. Never below zero. */
export interface Left extends BookKey, Readonly<Record<Unit, number | null>> {}

export interface BudgetLeft {
  /** The task's own first. Empty: nothing limits it. */
  readonly left: readonly Left[]
  /** For the live attempt; null: nothing. */
  readonly setAside: Sums | null
}

/** Whose money it is: an attempt, or who would make one. */
type Spender = Pick<Attempt, 'owner' | 'reservation' | 'openedAt' | 'project'>
type Place = Pick<BudgetFacts, 'calendar' | 'workspace'>

/** `reader`: the agent that asks, which would be at work where nobody is; null: no agent. */
export const budgetLeft = (
  task: Task,
  facts: Place & Pick<BudgetFacts, 'books'>,
  reader: string | null,
  settings: Settings,
): BudgetLeft => {
  const live = liveOf(task)
  const limits = limitsOf(task, spenderOf(task, facts, reader), settings).toSorted(compareBooks)
  const isOwn = ({ scope }: BookKey): boolean => scope === task.stream
  const lefts = limits.map((limit) => leftOf(task, limit, facts.books, live))
  const tightest = (unit: Unit): Left | undefined =>
    lefts
      .filter((left) => !isOwn(left) && left[unit] !== null)
      .reduce<Left | undefined>((a, b) => (a === undefined || (b[unit] ?? 0) < (a[unit] ?? 0) ? b : a), undefined)
  const [money, tokens] = UNITS.map(tightest)
  const others = [money, tokens].filter((left) => left !== undefined)
  const told = [...new Set(others)].map((left) => ({
    scope: left.scope,
    period: left.period,
    microUsd: left === money ? left.microUsd : null,
    tokens: left === tokens ? left.tokens : null,
  }))
  const { microUsd = null, tokens: some = null } = live?.reservation ?? {}
  return {
    left: [...lefts.filter(isOwn), ...told],
    setAside: microUsd === null && some === null ? null : { microUsd: microUsd ?? 0, tokens: some ?? 0 },
  }
}

export const booksLookedAt = (task: Task, place: Place, reader: string | null): readonly BookKey[] =>
  booksOf(task, spenderOf(task, place, reader))

const liveOf = ({ attempts, lease }: Task): Attempt | undefined => attempts.find(({ n }) => n === lease?.attempt)

/** A reservation counts in the day and month of its grant, the next attempt in those of now. */
const spenderOf = (task: Task, { calendar, workspace }: Place, reader: string | null): Spender => {
  const live = liveOf(task)
  if (live?.reservation !== undefined) return live
  const { day, month, timeZone } = calendar
  const reservation = { microUsd: null, tokens: null, day, month, timeZone, workspace, holdMs: 0 }
  return { owner: live?.owner ?? reader ?? '', openedAt: 0, reservation }
}

const leftOf = (task: Task, limit: BookLimit, books: readonly Book[], live: Attempt | undefined): Left => {
  const taken = heldAndSpent(bookAt(books, limit))
  const counts = live !== undefined && booksOf(task, live).some((key) => compareBooks(key, limit) === 0)
  const own = counts ? partOf(live) : null
  const used = (unit: Unit): number => (live === undefined ? 0 : (totalOf(unit, billsOf(live))?.amount ?? 0))
  const left = (unit: Unit): number | null => {
    const most = limit[unit]
    if (most === null) return null
    const back = own === null ? 0 : own.reserved[unit] + own.spent[unit] - used(unit)
    return Math.max(0, most - taken[unit] + back)
  }
  return { scope: limit.scope, period: limit.period, microUsd: left('microUsd'), tokens: left('tokens') }
}

/**
 * The books: what is reserved and spent per scope and period, and the arithmetic of their rows. A task's part in them is
 * contributions.ts, what limits them is limits.ts; nothing is decided here.
 */
import type { MicroUsd } from '../task/state.ts'

export const UNITS = ['microUsd', 'tokens'] as const
/** What is counted: money and tokens, each for itself. */
export type Unit = (typeof UNITS)[number]

export interface Sums {
  readonly microUsd: MicroUsd
  readonly tokens: number
}

export interface BookKey {
  /** `workspace/1`, `project/7`, `agent/7/claude` (in that project), `task/7/12`. */
  readonly scope: string
  /** `2026-11-30`, `2026-11` or `total`. */
  readonly period: string
}

/** One row, or what is added to one. */
export interface Book extends BookKey {
  readonly reserved: Sums
  readonly spent: Sums
  /** How often people were warned that it nears its limit. */
  readonly warned: number
}

export const TOTAL = 'total'

export const NOTHING: Sums = { microUsd: 0, tokens: 0 }

export const compareBooks = (a: BookKey, b: BookKey): number =>
  a.scope === b.scope ? compareText(a.period, b.period) : compareText(a.scope, b.scope)

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const keyOf = ({ scope, period }: BookKey): string => `${scope} ${period}`

/** Rows of the same scope and period become one; rows of nothing vanish. Sorted. */
export const sumBooks = (books: readonly Book[]): readonly Book[] => {
  const rows = new Map<string, Book>()
  for (const book of books) {
    const before = rows.get(keyOf(book))
    rows.set(keyOf(book), before === undefined ? book : addBook(before, book))
  }
  return [...rows.values()].filter((row) => !isNothing(row)).sort(compareBooks)
}

/** What must be added to the first to get the second. Sorted. */
export const booksBetween = (before: readonly Book[], after: readonly Book[]): readonly Book[] =>
  sumBooks([...after, ...before.map(negative)])

export const bookAt = (books: readonly Book[], { scope, period }: BookKey): Book =>
  books.find((book) => book.scope === scope && book.period === period) ?? {
    scope,
    period,
    reserved: NOTHING,
    spent: NOTHING,
    warned: 0,
  }

export const addBook = (a: Book, b: Book): Book => ({
  ...a,
  reserved: addSums(a.reserved, b.reserved),
  spent: addSums(a.spent, b.spent),
  warned: a.warned + b.warned,
})

export const heldAndSpent = ({ reserved, spent }: Book): Sums => addSums(reserved, spent)

const addSums = (a: Sums, b: Sums): Sums => ({ microUsd: a.microUsd + b.microUsd, tokens: a.tokens + b.tokens })

const minus = ({ microUsd, tokens }: Sums): Sums => ({ microUsd: 0 - microUsd, tokens: 0 - tokens })

const negative = (book: Book): Book => ({
  ...book,
  reserved: minus(book.reserved),
  spent: minus(book.spent),
  warned: 0 - book.warned,
})

/** Whether anything is added: what only moves from one column to the other is told by the column that it moves to. */
export const rises = ({ reserved, spent }: Book): boolean => UNITS.some((unit) => reserved[unit] > 0 || spent[unit] > 0)

const isNothing = ({ reserved, spent, warned }: Book): boolean =>
  warned === 0 && UNITS.every((unit) => reserved[unit] === 0 && spent[unit] === 0)

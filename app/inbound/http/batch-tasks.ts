/**
 * Which tasks a command of a batch may be about, by their numbers: its own, and every one that an argument could name. One too
 * many costs a little waiting, one too few an answer that depends on chance: `depends` must find what a `task` before it made.
 */

/** `12`, `#12`, `DEV-12`, `acme/widgets#12` and addresses end in the number of the issue, which is a key's as well. */
const NUMBER = /(?:^|[#/-])(\d{1,9})(?:[#?].*)?$/

const MOST_DEPTH = 3

/** Of anything: what cannot be read names nothing. */
export const tasksNamedIn = (item: unknown): readonly number[] => {
  if (typeof item !== 'object' || item === null) return []
  const { task, args } = item as Readonly<Record<string, unknown>>
  return [...new Set(numbersIn([task, args], 0))]
}

const numbersIn = (value: unknown, depth: number): readonly number[] => {
  if (typeof value === 'number') return [value]
  if (typeof value === 'string') return (NUMBER.exec(value.trim())?.slice(1) ?? []).map(Number)
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return []
  return Object.values(value).flatMap((one) => numbersIn(one, depth + 1))
}

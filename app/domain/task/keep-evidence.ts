/**
 * Which evidence a task keeps when there is more than it may hold. What an agent says of itself never pushes out what CI
 * found, and of CI's rows only repeated ones go while one row for each of its jobs on each commit has room. Pure.
 */
import type { Evidence } from './state.ts'

/** The rows with the new one at the end, at most `most`. */
export const keepEvidence = (rows: readonly Evidence[], added: Evidence, most: number): readonly Evidence[] => {
  let kept: readonly Evidence[] = [...rows, added]
  for (const drop of DROPS) if (kept.length > most) kept = drop(kept)
  return kept
}

type Drop = (rows: readonly Evidence[]) => readonly Evidence[]

const isOwnWord = ({ trust }: Evidence): boolean => trust === 'self'

/** Without the first row for which it holds. */
const withoutFirst = (
  rows: readonly Evidence[],
  holds: (row: Evidence, at: number) => boolean,
): readonly Evidence[] => {
  const at = rows.findIndex(holds)
  return at === -1 ? rows : rows.toSpliced(at, 1)
}

const isReplaced = (row: Evidence, at: number, rows: readonly Evidence[]): boolean =>
  rows.some((later, place) => place > at && later.command === row.command && later.headSha === row.headSha)

/** In this order, until there is room. */
const DROPS: readonly Drop[] = [
  (rows) => withoutFirst(rows, isOwnWord),
  (rows) => withoutFirst(rows, (row, at) => isReplaced(row, at, rows)),
  // A commit's rows go together: without its red one its green one would speak for it.
  (rows) => {
    const newest = rows.at(-1)?.headSha
    const oldest = rows.find(({ headSha }) => headSha !== newest)
    return oldest === undefined ? rows : rows.filter(({ headSha }) => headSha !== oldest.headSha)
  },
  (rows) => withoutFirst(rows, ({ passed }) => passed),
  (rows) => rows.slice(1),
]

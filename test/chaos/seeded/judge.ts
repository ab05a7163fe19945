/** Holds the end of a run against that of the run in which nothing goes wrong. Pure. */
import type { Run } from './run-one.ts'

/** How much is shown around the place where two texts part. */
const AROUND = 80

/** Whether a pair of comments has raced and ended otherwise: then the run to hold it against is the calm one with the pairs turned. */
export const hasTurned = (run: Run, calm: Run): boolean =>
  run.raced.some((key) => run.end.parts[key] !== calm.end.parts[key])

/**
 * What is wrong with a run; empty: nothing. `turned`: the calm run whose pairs of comments were said the other way round, which
 * is as good where a pair has raced; null where none has.
 */
export const judge = (run: Run, calm: Run, turned: Run | null): readonly string[] => {
  const keys = [...new Set([...Object.keys(calm.end.parts), ...Object.keys(run.end.parts)])]
  const differences = keys.flatMap((key) => {
    const [is, wanted] = [run.end.parts[key] ?? '', calm.end.parts[key] ?? '']
    const isRight = is === wanted || (run.raced.includes(key) && is === turned?.end.parts[key])
    return isRight ? [] : [`${key} ends differently:\n${parting(wanted, is)}`]
  })
  // A line is written at most once: a fault may cost it, and nothing repeats it.
  const lines = Object.entries(run.end.lines).flatMap(([key, told]) => {
    const rest = [...(calm.end.lines[key] ?? [])]
    return told.flatMap((line) => {
      const at = rest.indexOf(line)
      if (at < 0) return [`${key} was told once too often: ${line}`]
      rest.splice(at, 1)
      return []
    })
  })
  return [...run.end.wrong, ...differences, ...lines]
}

/** Where two texts part, and where they meet again. */
const parting = (wanted: string, is: string): string => {
  let from = 0
  while (from < wanted.length && wanted[from] === is[from]) from += 1
  let tail = 0
  while (tail < Math.min(wanted.length, is.length) - from && wanted.at(-1 - tail) === is.at(-1 - tail)) tail += 1
  const shown = (text: string): string => text.slice(Math.max(0, from - AROUND), text.length - tail + AROUND)
  return `  without faults: ${shown(wanted)}\n  with faults:    ${shown(is)}`
}

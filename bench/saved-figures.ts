/** The figures that the README shows: of each bench those of its newest saved run, with the commit and the day of that run. Pure; main.ts writes the file. */
import type { Figures } from './figures.ts'

/** Of what, and when. */
export interface Taken {
  readonly commit: string
  /** `2026-11-30`. */
  readonly date: string
}

export interface SavedRun extends Taken {
  readonly figures: Figures
}

/** By the bench's name. */
export type SavedFigures = Readonly<Record<string, SavedRun>>

/** Benches that ran take the place of what was saved of them; the others stay as they were. In the order of `known`; what is not known any more goes. */
export const keepFigures = (
  saved: SavedFigures,
  ran: Readonly<Record<string, Figures>>,
  { commit, date }: Taken,
  known: readonly string[],
): SavedFigures =>
  Object.fromEntries(
    known.flatMap((name) => {
      const figures = ran[name]
      const run = figures === undefined ? saved[name] : { commit, date, figures }
      return run === undefined ? [] : [[name, run]]
    }),
  )

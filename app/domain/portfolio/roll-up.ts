/**
 * What the projects of a program and of a portfolio come to together: where their tasks stand, and what the books say was spent
 * and is reserved. Only projects that may be shown are summed; all others are counted and nothing more.
 */
import { NOTHING, type Sums } from '../budget/books.ts'
import { countOf, howFar, type HowFar, type Standing } from '../hierarchy/roll-up.ts'
import { TASK_STATUSES } from '../task/state.ts'
import type { Portfolio, Program } from './groups.ts'

/** One project, or several together. */
export interface Figures {
  readonly standing: Standing
  readonly spent: Sums
  readonly reserved: Sums
}

export interface Totals extends Figures, HowFar {
  readonly tasks: number
}

export interface ProjectRow extends Totals {
  /** `owner/name`. */
  readonly repository: string
}

export interface ProgramRollUp {
  readonly name: string
  readonly projects: readonly ProjectRow[]
  /** How many more projects it has that may not be shown. */
  readonly hidden: number
  readonly total: Totals
}

export interface PortfolioRollUp {
  readonly name: string
  /** Those with a project that may be shown. */
  readonly programs: readonly ProgramRollUp[]
  /** Projects that may not be shown, of all programs. */
  readonly hidden: number
  readonly total: Totals
}

export const NO_FIGURES: Figures = { standing: {}, spent: NOTHING, reserved: NOTHING }

/** `figuresOf`: null for a project that may not be shown. Null: nothing of it may be shown, its name neither. */
export const rollUpPortfolio = (
  { name, programs }: Portfolio,
  figuresOf: (repository: string) => Figures | null,
): PortfolioRollUp | null => {
  const all = programs.map((program) => rollUpProgram(program, figuresOf))
  const shown = all.filter(({ projects }) => projects.length > 0)
  if (shown.length === 0) return null
  return {
    name,
    programs: shown,
    hidden: all.reduce((sum, { hidden }) => sum + hidden, 0),
    total: totalsOf(shown.map(({ total }) => total)),
  }
}

const rollUpProgram = (
  { name, projects }: Program,
  figuresOf: (repository: string) => Figures | null,
): ProgramRollUp => {
  const rows = projects.flatMap((repository): readonly ProjectRow[] => {
    const figures = figuresOf(repository)
    return figures === null ? [] : [{ repository, ...totalsOf([figures]) }]
  })
  return { name, projects: rows, hidden: projects.length - rows.length, total: totalsOf(rows) }
}

export const totalsOf = (all: readonly Figures[]): Totals => {
  const standing = Object.fromEntries(
    TASK_STATUSES.flatMap((status) => {
      const count = all.reduce((sum, one) => sum + (one.standing[status] ?? 0), 0)
      return count === 0 ? [] : [[status, count]]
    }),
  ) as Standing
  const sum = (of: 'spent' | 'reserved'): Sums => ({
    microUsd: all.reduce((total, one) => total + one[of].microUsd, 0),
    tokens: all.reduce((total, one) => total + one[of].tokens, 0),
  })
  return { tasks: countOf(standing), standing, ...howFar(standing), spent: sum('spent'), reserved: sum('reserved') }
}

/** How an account groups its projects: portfolio, program, project. Names only; what they come to is roll-up.ts. */

export interface Program {
  readonly name: string
  /** `owner/name`, as configured: there may be no such repository. */
  readonly projects: readonly string[]
}

export interface Portfolio {
  readonly name: string
  readonly programs: readonly Program[]
}

/** Names of repositories, portfolios and programs are compared without regard to case. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

export const projectsOf = ({ programs }: Portfolio): readonly string[] => programs.flatMap(({ projects }) => projects)

export interface Group {
  /** With this program alone, when that was named. */
  readonly portfolio: Portfolio
  /** Name of the program; null: the portfolio was named. */
  readonly program: string | null
}

export const findGroup = (portfolios: readonly Portfolio[], name: string): Group | null => {
  for (const portfolio of portfolios) {
    if (isSameName(portfolio.name, name)) return { portfolio, program: null }
    const program = portfolio.programs.find((one) => isSameName(one.name, name))
    if (program !== undefined) return { portfolio: { ...portfolio, programs: [program] }, program: program.name }
  }
  return null
}

export const groupNames = (portfolios: readonly Portfolio[]): readonly string[] =>
  portfolios.flatMap(({ name, programs }) => [name, ...programs.map((program) => program.name)])

/** `portfolios:` of the account's file as groups of whole names, and what is wrong with them beyond their shape. */
import { isSameName, type Portfolio } from '../../domain/portfolio/groups.ts'
import type { PortfoliosConfiguration } from '../../../schemas/portfolios.ts'

export interface GroupProblem {
  readonly path: readonly (string | number)[]
  /** Where the other one stands that it does not go with. */
  readonly first?: readonly (string | number)[]
  /** Goes on after the path, and names no repository: the thread where it is read may be more public than they are. */
  readonly message: string
}

export const MISPLACED: GroupProblem = {
  path: ['portfolios'],
  message: "belongs into the account's file: move it to .github/muster.yml of the account's .github repository",
}

/** `account`: login of the account whose file it is. */
export const groupsFrom = (portfolios: PortfoliosConfiguration | undefined, account: string): readonly Portfolio[] =>
  (portfolios ?? []).map(({ name, programs }) => ({
    name,
    programs: programs.map((program) => ({
      name: program.name,
      projects: program.projects.map((project) => `${account}/${nameOf(project)}`),
    })),
  }))

export const groupProblems = (
  portfolios: PortfoliosConfiguration | undefined,
  account: string,
): readonly GroupProblem[] => {
  const seen = new Map<string, readonly (string | number)[]>()
  return placesOf(portfolios ?? []).flatMap(({ path, project }): readonly GroupProblem[] => {
    const owner = ownerOf(project)
    if (owner !== null && !isSameName(owner, account)) {
      return [
        { path, message: `is not of ${account}: only the account's own repositories can be grouped; take it out` },
      ]
    }
    const name = nameOf(project).toLowerCase()
    const first = seen.get(name)
    if (first !== undefined) {
      return [{ path, first, message: 'is a project that stands in a program already; leave one of the two out' }]
    }
    seen.set(name, path)
    return []
  })
}

const placesOf = (portfolios: PortfoliosConfiguration) =>
  portfolios.flatMap(({ programs }, i) =>
    programs.flatMap(({ projects }, j) =>
      projects.map((project, k) => ({ path: ['portfolios', i, 'programs', j, 'projects', k], project })),
    ),
  )

const ownerOf = (project: string): string | null =>
  project.includes('/') ? project.slice(0, project.indexOf('/')) : null

const nameOf = (project: string): string => project.slice(project.indexOf('/') + 1)

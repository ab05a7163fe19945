/** `npm run portfolio`: the groups of all accounts as they were read last, with every project. For the operator, who may see all. Asks nobody. */
import type { StreamId } from '../../domain/event/envelope.ts'
import { findGroup, groupNames, projectsOf, type Portfolio } from '../../domain/portfolio/groups.ts'
import { count, NO_TASK, standOf, sumOf } from '../../domain/portfolio/portfolio-words.ts'
import { NO_FIGURES, rollUpPortfolio, type PortfolioRollUp, type ProjectRow } from '../../domain/portfolio/roll-up.ts'
import type { Store } from '../../engine/ports.ts'
import { projectFigures } from '../../engine/project-figures.ts'
import { allGroups, type Groups } from '../groups-of.ts'
import { nearestGroup } from '../nearest-group.ts'
import { portfolioData } from '../portfolio-data.ts'
import type { CliResult } from './result.ts'

type Reads = Pick<Store, 'projections' | 'books' | 'documents'>

/** `name`: of a portfolio or program; null: all. */
export const portfolioCommand = async (store: Reads, name: string | null): Promise<CliResult> => {
  const accounts = await allGroups(store.documents)
  const known = accounts.flatMap(({ groups }) => groupNames(groups.portfolios))
  if (known.length === 0) {
    const none =
      "No portfolio is known: write `portfolios:` into .github/muster.yml of the account's .github repository."
    return { exitCode: name === null ? 0 : 1, lines: [none], json: name === null ? { accounts: [] } : { error: none } }
  }
  const lines: string[] = []
  const data: object[] = []
  for (const { installationId, groups } of accounts) {
    const portfolios: PortfolioRollUp[] = []
    for (const portfolio of named(groups, name)) {
      const rolledUp = await withFigures(store, installationId, portfolio)
      if (rolledUp !== null) portfolios.push(rolledUp)
    }
    if (portfolios.length === 0) continue
    const { account, wrongLine } = groups
    lines.push(
      `${account}${wrongLine === null ? '' : ` (its configuration has an error in line ${wrongLine}; these are the last good groups)`}`,
      ...portfolios.flatMap(tell),
    )
    data.push({ account, wrong_line: wrongLine, portfolios: portfolios.map(portfolioData) })
  }
  if (name === null || data.length > 0) return { exitCode: 0, lines, json: { accounts: data } }
  const nearest = nearestGroup(name, known)
  const next = nearest === null ? `use one of ${known.join(', ')}` : `did you mean "${nearest}"?`
  const line = `There is no portfolio or program "${name}": ${next}`
  return { exitCode: 1, lines: [line], json: { error: line } }
}

const named = ({ portfolios }: Groups, name: string | null): readonly Portfolio[] => {
  if (name === null) return portfolios
  const group = findGroup(portfolios, name)
  return group === null ? [] : [group.portfolio]
}

const withFigures = async (
  store: Reads,
  installationId: number,
  portfolio: Portfolio,
): Promise<PortfolioRollUp | null> => {
  const opened = new Map<string, StreamId>()
  for (const repository of projectsOf(portfolio)) {
    const project = await store.projections.projectByRepository(repository)
    if (project?.installationId === installationId) opened.set(repository, project.stream)
  }
  const figures = await projectFigures(store, [...opened.values()])
  return rollUpPortfolio(portfolio, (repository) => {
    const stream = opened.get(repository)
    return (stream === undefined ? undefined : figures.get(stream)) ?? NO_FIGURES
  })
}

const tell = ({ name, programs, total }: PortfolioRollUp): readonly string[] => [
  `  ${name}: ${sumOf(total)}`,
  ...programs.flatMap((program) => [
    `    ${program.name}: ${count(program.projects.length, 'project')}, ${sumOf(program.total)}`,
    ...program.projects.map((project) => `      ${tellProject(project)}`),
  ]),
]

const tellProject = (project: ProjectRow): string => {
  if (project.tasks === 0) return `${project.repository}: ${NO_TASK}`
  const stand = standOf(project)
  return `${project.repository}: ${sumOf(project)}${stand === '' ? '' : `; ${stand}`}`
}

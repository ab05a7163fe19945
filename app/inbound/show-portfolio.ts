/**
 * What `portfolio` answers. It is read by everybody who may read the project where it was asked, and by agents: so only that
 * project and public ones are shown, with groups of which something is shown. All others are counted.
 */
import { projectStream, type StreamId } from '../domain/event/envelope.ts'
import { findGroup, groupNames, isSameName, projectsOf, type Portfolio } from '../domain/portfolio/groups.ts'
import { renderPortfolio } from '../domain/portfolio/render-portfolio.ts'
import { NO_FIGURES, rollUpPortfolio } from '../domain/portfolio/roll-up.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { Store } from '../engine/ports.ts'
import { projectFigures } from '../engine/project-figures.ts'
import { nearestGroup } from './nearest-group.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import { portfolioData } from './portfolio-data.ts'
import type { ProjectOpener } from './project-of.ts'
import { foreign, step, type Telling } from './telling.ts'

export interface ShowPortfolioDeps {
  readonly engine: { readonly store: Pick<Store, 'projections' | 'books'> }
  readonly facts: Pick<GitHubFacts, 'publicRepositories'>
  readonly projects: Pick<ProjectOpener, 'groupsOf' | 'configurationProblem'>
}

export type ShownPortfolio =
  | { readonly ok: true; readonly text: string; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly rejection: Rejection }

interface Asking {
  readonly place: RepositoryPlace
  readonly telling: Telling
}

const MOST_NAMED = 10

export const showPortfolio = async (
  deps: ShowPortfolioDeps,
  { place, telling }: Asking,
  name: string | null,
): Promise<ShownPortfolio> => {
  const { portfolios, wrongLine } = await deps.projects.groupsOf(place)
  const home = place.repository
  const isHere = (portfolio: Portfolio): boolean => projectsOf(portfolio).some((one) => isSameName(one, home))
  const whole = portfolios.find(isHere)
  const group =
    name !== null ? findGroup(portfolios, name) : whole === undefined ? null : { portfolio: whole, program: null }
  const figuresOf = group === null ? null : await readFigures(deps, place, projectsOf(group.portfolio))
  const shown = group === null || figuresOf === null ? null : rollUpPortfolio(group.portfolio, figuresOf)

  if (group !== null && shown !== null) {
    const one = { verb: 'portfolio', words: 'NAME', args: { name: 'NAME' } }
    const text = renderPortfolio(shown, group.program, `${step(one, telling)} to see one program`)
    const stale = await staleNote(deps, place, telling, wrongLine)
    return { ok: true, text: [text, ...stale].join('\n\n'), data: { portfolios: [portfolioData(shown)] } }
  }
  // What nothing is shown of is answered as if it were not there.
  const known = groupNames(await visible(deps, place, portfolios))
  if (name !== null) {
    const nearest = nearestGroup(name, known)
    return { ok: false, rejection: { code: 'no-such-group', name, nearest, known: known.slice(0, MOST_NAMED) } }
  }
  const stale = await staleNote(deps, place, telling, wrongLine)
  return { ok: true, text: [...howTo(home, known, telling), ...stale].join('\n\n'), data: { portfolios: [] } }
}

/** For each project its figures; null for one that may not be shown. */
const readFigures = async ({ engine, facts }: ShowPortfolioDeps, place: RepositoryPlace, names: readonly string[]) => {
  const ids = new Map(await facts.publicRepositories(place, names))
  ids.set(place.repository.toLowerCase(), place.repositoryId)
  const streams = new Map<string, StreamId>()
  for (const name of names) {
    const id = ids.get(name.toLowerCase())
    const known = id === undefined ? null : await engine.store.projections.project(projectStream(id))
    if (known?.installationId === place.installationId) streams.set(name, known.stream)
  }
  const figures = await projectFigures(engine.store, [...streams.values()])
  return (name: string) => {
    const stream = streams.get(name)
    const opened = stream === undefined ? undefined : figures.get(stream)
    return ids.has(name.toLowerCase()) ? (opened ?? NO_FIGURES) : null
  }
}

/** The groups without projects that may not be shown. */
const visible = async (
  { facts }: ShowPortfolioDeps,
  place: RepositoryPlace,
  portfolios: readonly Portfolio[],
): Promise<readonly Portfolio[]> => {
  const open = await facts.publicRepositories(place, portfolios.flatMap(projectsOf))
  const isShown = (name: string): boolean => open.has(name.toLowerCase()) || isSameName(name, place.repository)
  return portfolios.flatMap((portfolio) => {
    const programs = portfolio.programs.filter(({ projects }) => projects.some(isShown))
    return programs.length === 0 ? [] : [{ ...portfolio, programs }]
  })
}

/** Nothing is grouped here: what to write where. */
const howTo = (home: string, known: readonly string[], telling: Telling): readonly string[] => {
  const names = known.slice(0, MOST_NAMED).map((name) => foreign(name, 100))
  const one = { verb: 'portfolio', words: 'NAME', args: { name: 'NAME' } }
  return [
    `**${foreign(home)} stands in no portfolio.** To group it, write into \`.github/muster.yml\` of the account's \`.github\` repository:`,
    [
      '```yaml',
      'portfolios:',
      '  - name: Tools',
      '    programs:',
      '      - name: Core',
      `        projects: [${home}]`,
      '```',
    ].join('\n'),
    ...(names.length === 0 ? [] : [`There are ${names.join(', ')}: ${step(one, telling)} to see one.`]),
  ]
}

/** Comments say it by themselves where the same file is the project's own configuration. */
const staleNote = async (
  { projects }: ShowPortfolioDeps,
  { repositoryId }: RepositoryPlace,
  { surface }: Telling,
  wrongLine: number | null,
): Promise<readonly string[]> => {
  if (wrongLine === null) return []
  const isSaid = surface === 'comment' && (await projects.configurationProblem(repositoryId))?.of === 'account'
  return isSaid
    ? []
    : [
        `**The account's configuration has an error**, line ${wrongLine} of \`.github/muster.yml\` of the account's \`.github\` repository. The last good groups are shown until it is mended.`,
      ]
}

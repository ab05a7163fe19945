/** A portfolio as Markdown: what it comes to, and a table that folds with its programs and projects. Names in it are inert. */
import { neutraliseCell, neutraliseLine } from '../text/neutralise.ts'
import { amountOf, count, doneOf, standOf, sumOf } from './portfolio-words.ts'
import type { PortfolioRollUp, ProgramRollUp, ProjectRow, Totals } from './roll-up.ts'

/** Of one table, so that the whole answer fits into a comment. */
const MOST_TEXT = 12_000
const MAX_NAME = 100

/** `program`: only this one of it was asked for. `askFor`: how somebody asks for one, where not all projects fit. */
export const renderPortfolio = (portfolio: PortfolioRollUp, program: string | null, askFor: string): string => {
  const { name, programs, hidden, total } = portfolio
  const projects = programs.reduce((sum, one) => sum + one.projects.length, 0)
  const others = hidden === 0 ? '' : ` and ${hidden} more ${NOT_FOR_ALL}`
  const { rows, left } = fitting(programs, program !== null)
  const more = programs.length > 1 ? `; ${askFor}` : ''
  const programsToo = program === null ? `${count(programs.length, 'program')}, ` : ''
  const title = program === null ? name : `${name} › ${program}`
  return [
    `### ${neutraliseLine(title, 2 * MAX_NAME)}: ${sumOf(total)}`,
    [
      '<details open>',
      `<summary>${programsToo}${count(projects, 'project')}${others}</summary>`,
      '',
      '| | done | not done | spent | reserved |',
      '|---|---|---|--:|--:|',
      ...rows,
      '',
      ...(hidden === 0 ? [] : ['Figures are of the projects shown here.', '']),
      ...(left === 0 ? [] : [`Not listed for want of room: ${count(left, 'project')}${more}.`, '']),
      '</details>',
    ].join('\n'),
  ].join('\n\n')
}

const NOT_FOR_ALL = 'that not everybody here may see'

/** All rows; without room for them the programs alone, or of a single one as many projects as fit. */
const fitting = (
  programs: readonly ProgramRollUp[],
  isNamed: boolean,
): { readonly rows: readonly string[]; readonly left: number } => {
  // The title says what the program itself comes to.
  const all = programs.flatMap((program) => [...(isNamed ? [] : [programRow(program)]), ...rowsOf(program)])
  if (lengthOf(all) <= MOST_TEXT) return { rows: all, left: 0 }
  const projects = programs.flatMap((program) => program.projects)
  const [only] = programs
  if (programs.length > 1 || only === undefined) {
    return { rows: programs.map(({ name, total }) => row(`**${cell(name)}**`, total)), left: projects.length }
  }
  let room = MOST_TEXT
  const fits = projects.findIndex((project) => (room -= projectRow(project).length) < 0)
  const shown = fits === -1 ? projects : projects.slice(0, fits)
  return { rows: rowsOf({ ...only, projects: shown }), left: projects.length - shown.length }
}

/** Of a single project its own row says it all. */
const programRow = ({ name, projects, total }: ProgramRollUp): string =>
  projects.length === 1 ? `| **${cell(name)}** | | | | |` : row(`**${cell(name)}**`, total)

const rowsOf = ({ projects, hidden }: ProgramRollUp): readonly string[] => [
  ...projects.map(projectRow),
  ...(hidden === 0 ? [] : [`| _and ${hidden} more ${NOT_FOR_ALL}_ | | | | |`]),
]

const projectRow = (project: ProjectRow): string => row(cell(project.repository), project)

const row = (name: string, figures: Totals): string => {
  const { spent, reserved } = figures
  return `| ${[name, doneOf(figures), standOf(figures), amountOf(spent), amountOf(reserved)].join(' | ')} |`
}

const cell = (name: string): string => neutraliseCell(name, MAX_NAME)

const lengthOf = (rows: readonly string[]): number => rows.reduce((sum, line) => sum + line.length, 0)

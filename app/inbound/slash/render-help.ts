/** The answer to `/help`: all commands as tables, or one of them in full. Made from the catalogue alone, so it cannot go stale. */

import { CATALOGUE, findCommand } from '../catalogue.ts'
import type { AnyCommandRow, CommandGroup } from '../catalogue/row.ts'
import { unknownVerb } from '../catalogue/parse-problem.ts'
import { argumentsOn, renderUsage } from '../catalogue/usage.ts'
import { written, type Telling } from '../telling.ts'
import { renderParseProblem } from './render-parse-problem.ts'

const GROUPS: readonly CommandGroup[] = ['Tasks', 'Attempts', 'Operations', 'Looking']

const escapeCell = (text: string): string => text.replaceAll('|', String.raw`\|`)

/** A gate may say another one. */
const roleOf = ({ role, decidedBy }: AnyCommandRow): string => (decidedBy === 'gate' ? `${role}, or the gate's` : role)

const renderTable = (group: CommandGroup, telling: Telling): string => {
  const { surface } = telling
  const rows = CATALOGUE.filter((row) => row.group === group && row.surfaces.includes(surface))
  const lines = rows.map((row) => {
    const usage = escapeCell(written(renderUsage(row, surface), telling))
    return `| \`${usage}\` | ${roleOf(row)} | ${row.summary} |`
  })
  return [`**${group}**`, '', '| Command | Role | What it does |', '| --- | --- | --- |', ...lines].join('\n')
}

const renderCommand = (row: AnyCommandRow, telling: Telling): string => {
  const specs = argumentsOn(row, telling.surface)
  const words = specs.map(
    ({ name, description, required }) => `- \`${name}\`${required === true ? '' : ' (optional)'}: ${description}`,
  )
  return [
    `\`${written(renderUsage(row, telling.surface), telling)}\``,
    '',
    `${row.summary}. Needs the ${roleOf(row)} role.`,
    ...(words.length === 0 ? [] : ['', ...words]),
    '',
    `For example: ${row.examples.map((example) => `\`${written(example, telling)}\``).join(', ')}`,
  ].join('\n')
}

/** Markdown. `verb`: what help was asked for, as it was written; an unknown one is answered with the nearest. */
export const renderHelp = (verb: string | null, telling: Telling): string => {
  const { surface } = telling
  if (verb !== null) {
    const wanted = verb.replace(/^\//, '')
    const row = findCommand(wanted, surface)
    return row === null
      ? renderParseProblem(unknownVerb(wanted, surface), written(`help ${wanted}`, telling), telling)
      : renderCommand(row, telling)
  }
  return [`${howTo(telling)}\`${written('help claim', telling)}\` explains one of them.`, ...tables(telling)].join(
    '\n\n',
  )
}

const howTo = ({ surface, bare }: Telling): string => {
  if (surface === 'http') return 'Arguments go by name into `args`. What is not listed is for people to decide. '
  const how = bare ? 'At the start of a line; `/muster` before the word works too.' : 'At the start of a line.'
  return `${how} Code and quotes are not commands. `
}

const tables = (telling: Telling): readonly string[] =>
  GROUPS.filter((group) => CATALOGUE.some((row) => row.group === group && row.surfaces.includes(telling.surface))).map(
    (group) => renderTable(group, telling),
  )

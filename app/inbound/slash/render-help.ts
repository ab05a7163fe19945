/** The answer to `/help`: all commands as tables, or one of them in full. Made from the catalogue alone, so it cannot go stale. */

import { CATALOGUE, findCommand } from '../catalogue.ts'
import type { AnyCommandRow, CommandGroup } from '../catalogue/row.ts'
import { unknownVerb } from '../catalogue/parse-problem.ts'
import { argumentsOn, renderUsage } from '../catalogue/usage.ts'
import type { LineOptions } from './parse-command-line.ts'
import { renderParseProblem } from './render-parse-problem.ts'

const GROUPS: readonly CommandGroup[] = ['Tasks', 'Attempts', 'Looking']

const escapeCell = (text: string): string => text.replaceAll('|', String.raw`\|`)

const renderTable = (group: CommandGroup, slash: string): string => {
  const rows = CATALOGUE.filter((row) => row.group === group && row.surfaces.includes('comment'))
  const lines = rows.map((row) => `| \`${slash}${escapeCell(renderUsage(row))}\` | ${row.role} | ${row.summary} |`)
  return [`**${group}**`, '', '| Command | Role | What it does |', '| --- | --- | --- |', ...lines].join('\n')
}

const renderCommand = (row: AnyCommandRow, slash: string): string => {
  const specs = argumentsOn(row, 'comment')
  const words = specs.map(
    ({ name, description, required }) => `- \`${name}\`${required === true ? '' : ' (optional)'}: ${description}`,
  )
  return [
    `\`${slash}${renderUsage(row)}\``,
    '',
    `${row.summary}. Needs the ${row.role} role.`,
    ...(words.length === 0 ? [] : ['', ...words]),
    '',
    `For example: ${row.examples.map((example) => `\`${slash}${example}\``).join(', ')}`,
  ].join('\n')
}

/** Markdown. `verb`: what help was asked for, as the person wrote it; an unknown one is answered with the nearest. */
export const renderHelp = (verb: string | null, options: LineOptions): string => {
  const slash = options.bare ? '/' : '/muster '
  if (verb !== null) {
    const wanted = verb.replace(/^\//, '')
    const row = findCommand(wanted, 'comment')
    return row === null
      ? renderParseProblem(unknownVerb(wanted, 'comment'), `${slash}help ${wanted}`, options)
      : renderCommand(row, slash)
  }
  const how = options.bare
    ? 'At the start of a line; `/muster` before the word works too. '
    : 'At the start of a line. '
  return [
    `${how}Code and quotes are not commands. \`${slash}help claim\` explains one of them.`,
    ...GROUPS.map((group) => renderTable(group, slash)),
  ].join('\n\n')
}

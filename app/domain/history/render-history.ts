/** History as Markdown for a comment: folded, and short enough for one screen. The whole of it is for HTTP. */
import { canonicalJson } from '../event/canonical-json.ts'
import { neutraliseCell } from '../text/neutralise.ts'
import type { ToldChange } from './changes-between.ts'
import { renderPath } from './difference.ts'
import { reach, type History } from './history.ts'
import { reasonOf, timeline } from './timeline.ts'

/** What one screen shows. */
const ROWS = 30
const VALUE = 80

const time = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '')

const folded = (summary: string, table: readonly string[]): string =>
  ['<details>', `<summary>${summary}</summary>`, '', ...table, '', '</details>'].join('\n')

/** The newest events, how many there are before them, and what is not known here. */
export const renderHistory = (key: string, history: History): string => {
  const { oldest, newest } = reach(history)
  const shown = history.events.slice(-ROWS)
  const left = history.events.length - shown.length
  const before = [
    ...(left > 0 ? [`${left} older ones are left out here`] : []),
    ...(oldest > 0
      ? [`what came before version ${oldest} was in a database that is gone; only its effect is known`]
      : []),
  ]
  const summary = `${key}: ${newest} events${shown.length < newest ? `, the newest ${shown.length} below` : ''}`
  return [
    folded(summary, [
      '| # | when (UTC) | who | what |',
      '|--:|---|---|---|',
      ...timeline(shown).map(({ version, at, who, what }) => `| ${version} | ${time(at)} | ${who} | ${what} |`),
    ]),
    ...(before.length > 0 ? [`${capital(before.join('; '))}.`] : []),
  ].join('\n\n')
}

/** Times of the state itself say nothing that the events do not. */
const UNTOLD: ReadonlySet<string> = new Set(['statusSince', 'nextBlocker'])

export const renderChanges = (key: string, from: number, to: number, changes: readonly ToldChange[]): string => {
  const told = changes.filter(({ path }) => !UNTOLD.has(String(path[0])))
  if (told.length === 0) return `Nothing of ${key} is different between version ${from} and version ${to}.`
  const shown = told.slice(0, ROWS)
  const left = told.length - shown.length
  return [
    folded(`${key}: what is different from version ${from} to version ${to}`, [
      '| what | before | after | who and why |',
      '|---|---|---|---|',
      ...shown.map(row),
    ]),
    ...(left > 0 ? [`${left} more are left out here; ask for fewer versions at once.`] : []),
  ].join('\n\n')
}

const row = ({ path, before, after, by }: ToldChange): string => {
  const reason = reasonOf(by)
  const who = by.actor.kind === 'app' ? 'Muster' : neutraliseCell(by.actor.id, VALUE)
  const why = reason === null ? '' : `: ${neutraliseCell(reason, VALUE)}`
  // A member's name may be anybody's own: the input of a task is any JSON.
  return `| ${neutraliseCell(renderPath(path), VALUE)} | ${value(before)} | ${value(after)} | ${who}, \`${by.type}\` (${by.version})${why} |`
}

const value = (json: ToldChange['before']): string =>
  json === undefined ? '–' : neutraliseCell(typeof json === 'string' ? json : canonicalJson(json), VALUE)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

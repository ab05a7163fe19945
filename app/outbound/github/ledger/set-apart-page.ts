/**
 * The comment on the ledger that tells people which tasks nothing is written to any more, why, and what to do: one for all of
 * them, edited and never repeated. A database is known by its epoch there: a restore raises it, and what an earlier one said
 * is taken away by the next. Where the ledger itself is set apart, another database owns it and nothing is said on GitHub:
 * `/healthz`, the log and `npm run verify` say it.
 */
import type { Project } from '../../../domain/project/project.ts'
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import type { SetApart } from '../../../../schemas/set-apart.ts'

/** More rows help nobody: it is one story then, not many. */
const MAX_ROWS = 40
const DETAIL_CHARS = 300

const markOf = (epoch: number): string => `<!-- muster:set-apart v1 epoch=${epoch} -->`
const MARK = /<!-- muster:set-apart v1 epoch=(\d{1,9}) -->\s*$/

/** The epoch of the database that wrote the page; null when it is no such page. Only our own comments are asked. */
export const epochOfSetApartPage = (body: string): number | null => {
  const epoch = MARK.exec(body)?.[1]
  return epoch === undefined ? null : Number(epoch)
}

/** `apart` are tasks of the project. Pure; neither clock nor anything that grows without a new reason is in it. */
export const setApartPage = ({ repository, epoch }: Project, apart: readonly SetApart[]): string =>
  [...(apart.length === 0 ? ['**Set apart**: nothing any more.'] : tellOf(repository, apart)), markOf(epoch)].join(
    '\n\n',
  )

const tellOf = (repository: string, apart: readonly SetApart[]): readonly string[] => {
  const rows = apart.slice(0, MAX_ROWS).map(row)
  const left = apart.length - rows.length
  const advice = [...new Map(apart.map(({ problem, next }) => [problem, next]))]
  const name = neutraliseLine(repository)
  return [
    `### Set apart: nothing is written to ${apart.length === 1 ? 'one task' : `${apart.length} tasks`} any more`,
    "Muster's database and what stands on GitHub do not have one history there. Nothing was overwritten. Labels, record and checks of these tasks stay as they are until a person has decided; all other tasks go on.",
    ['| issue | why | since |', '|--:|---|---|', ...rows, ...(left > 0 ? [`| | and ${left} more | |`] : [])].join('\n'),
    advice
      .map(([problem, next]) => `- **${problem}**: ${neutraliseLine(next.replaceAll('owner/repo', repository), 400)}.`)
      .join('\n'),
    'To take what GitHub holds, stop the App, set its data folder aside (with Postgres: its database), and then',
    ['```sh', `npm run restore -- ${name}`, 'npm start', `npm run resume -- ${name}`, '```'].join('\n'),
    '`npm run verify` lists all of this as well.',
  ]
}

const row = ({ issue, problem, detail, since }: SetApart): string =>
  `| ${issue === null ? '' : `#${issue}`} | ${problem}: ${neutraliseCell(detail, DETAIL_CHARS)} | ${new Date(since).toISOString().slice(0, 10)} |`

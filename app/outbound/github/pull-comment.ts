/** The one comment we keep on each pull request: what every attempt left behind, as links with size and SHA-256. Pure. */
import type { Artifact, Attempt, PullRequest, Task } from '../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../domain/text/neutralise.ts'
import { attemptTitle } from './checks/attempt-output.ts'
import { artifactCells } from './text/artifact-cells.ts'
import { renderDuration, renderFigure } from './text/measures.ts'
import { firstRows } from './text/rows.ts'
import { safeLink } from './text/safe-link.ts'
import { screenshots } from './text/screenshots.ts'

/** Hidden in the comment, so that one whose id was lost can be found. Only our own comments are searched for it. */
export const pullCommentMark = (task: Pick<Task, 'stream'>, pull: Pick<PullRequest, 'number'>): string =>
  `<!-- muster:pull ${task.stream} ${pull.number} -->`

/** GitHub refuses more than 65,536 characters; whole attempts are left out before that, oldest first. */
const ATTEMPTS_ROOM = 46_000
/** Of one attempt, so that the newest is always shown. */
const ARTIFACTS_ROOM = 20_000
const DIGESTS_ROOM = 12_000
const MAX_FIGURES = 40
const NAME_CHARS = 120
const MESSAGE_CHARS = 300

export const pullComment = (task: Task, pull: PullRequest): string => {
  const { key, number, title, attempts } = task
  const [newest, ...older] = attempts.toReversed()
  const sections = [...(newest === undefined ? [] : [open(task, newest)]), ...older.map((one) => folded(task, one))]
  const shown = firstRows(sections, ATTEMPTS_ROOM, (left) => `${left} older attempts are shown on the issue.`)
  return [
    `### ${key} (#${number}): ${neutraliseLine(title)}`,
    ...shown,
    ...digests(task),
    pullCommentMark(task, pull),
  ].join('\n\n')
}

const open = (task: Task, attempt: Attempt): string => {
  const run = attempt.run === null ? '' : `, ${safeLink('run', attempt.run.url, NAME_CHARS)}`
  return [`**Attempt ${attempt.n}**: ${measured(attempt)}${run}`, ...left(task, attempt)].join('\n\n')
}

/** Older attempts are there to be looked up, not to be scrolled past. A summary is HTML: nothing of others stands in it. */
const folded = (task: Task, attempt: Attempt): string => {
  const run = attempt.run === null ? [] : [safeLink('run', attempt.run.url, NAME_CHARS)]
  const summary = `<details><summary>Attempt ${attempt.n}: ${measured(attempt)}</summary>`
  return [summary, ...run, ...left(task, attempt), '</details>'].join('\n\n')
}

const measured = (attempt: Attempt): string =>
  attemptTitle(attempt) + (attempt.durationMs === null ? '' : `, ${renderDuration(attempt.durationMs)}`)

/** What went wrong, what it left behind, what was measured, what it looked like. */
const left = (task: Task, { n, failure }: Attempt): readonly string[] => {
  const artifacts = task.artifacts.filter(({ attempt }) => attempt === n)
  const rows = artifacts.map((artifact) => `| ${artifactCells(artifact, NAME_CHARS).join(' | ')} |`)
  const shown = firstRows(rows, ARTIFACTS_ROOM, (more) => `| | and ${more} more | | |`)
  return [
    ...(failure === null ? [] : [neutraliseLine(failure.message, MESSAGE_CHARS)]),
    ...(rows.length === 0 ? [] : [['| kind | artifact | size | SHA-256 |', '|---|---|--:|---|', ...shown].join('\n')]),
    ...figures(artifacts),
    ...screenshots(artifacts),
  ]
}

const figures = (artifacts: readonly Artifact[]): readonly string[] => {
  const all = artifacts.flatMap(({ figures }) => figures)
  if (all.length === 0) return []
  const rows = all
    .slice(0, MAX_FIGURES)
    .map(({ name, value, unit }) => `| ${neutraliseCell(name)} | ${renderFigure(value)} ${neutraliseCell(unit, 20)} |`)
  const more = all.length - rows.length
  return [['| benchmark | value |', '|---|--:|', ...rows, ...(more > 0 ? [`| and ${more} more | |`] : [])].join('\n')]
}

/** Newest first, in a block of code, to be compared with a file at hand. */
const digests = ({ artifacts }: Task): readonly string[] => {
  const lines = artifacts
    .filter(({ sha256 }) => sha256 !== null)
    .toReversed()
    .map(({ sha256, name, attempt }) => {
      const of = attempt === null ? '' : ` (attempt ${attempt})`
      return `${sha256}  ${neutraliseLine(name, NAME_CHARS)}${of}`
    })
  if (lines.length === 0) return []
  const shown = firstRows(lines, DIGESTS_ROOM, (more) => `and ${more} older ones in the record on the issue`)
  return [
    ['<details><summary>SHA-256 in full</summary>', ['```text', ...shown, '```'].join('\n'), '</details>'].join('\n\n'),
  ]
}

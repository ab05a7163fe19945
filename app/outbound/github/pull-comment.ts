/** The one comment we keep on each pull request: what every attempt left behind, as links with SHA-256 and size. Pure. */
import type { Artifact, Attempt, PullRequest, Task } from '../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../domain/text/neutralise.ts'
import { attemptTitle } from './checks/attempt-output.ts'
import { renderDuration, renderSize } from './checks/measures-text.ts'
import { safeLink } from './safe-link.ts'

/** Hidden in the comment, so that one whose id was lost can be found. Only our own comments are searched for it. */
export const pullCommentMark = (task: Pick<Task, 'stream'>, pull: Pick<PullRequest, 'number'>): string =>
  `<!-- muster:pull ${task.stream} ${pull.number} -->`

/** GitHub refuses more than 65,536 characters; whole attempts are left out before that, oldest first. */
const MAX_CHARS = 60_000
const MAX_FIGURES = 40
const NAME_CHARS = 200

export const pullComment = (task: Task, pull: PullRequest): string => {
  const mark = pullCommentMark(task, pull)
  const head = `### ${task.key}: ${neutraliseLine(task.title)}`
  const sections = task.attempts.toReversed().map((attempt) => section(task, attempt))
  let room = MAX_CHARS - head.length - mark.length
  const shown = sections.filter((text) => (room -= text.length + 2) > 0)
  const left = sections.length - shown.length
  const note = left > 0 ? [`${left} older attempts are shown on the issue.`] : []
  return [head, ...shown, ...note, mark].join('\n\n')
}

const section = (task: Task, attempt: Attempt): string => {
  const artifacts = task.artifacts.filter((artifact) => artifact.attempt === attempt.n)
  const title = `**Attempt ${attempt.n}**: ${attemptTitle(attempt)}`
  const took = attempt.durationMs === null ? '' : `, ${renderDuration(attempt.durationMs)}`
  const run = attempt.run === null ? '' : `, ${safeLink('run', attempt.run.url, NAME_CHARS)}`
  const rows = artifacts.map(artifactRow)
  return [
    `${title}${took}${run}`,
    ...(rows.length === 0
      ? []
      : [['| artifact | | SHA-256 | size |', '|---|---|---|---|', ...rows].join('\n'), ...figures(artifacts)]),
  ].join('\n\n')
}

const artifactRow = ({ kind, name, url, sha256, size }: Artifact): string => {
  const digest = sha256 === null ? 'not given' : `\`${sha256}\``
  return `| ${kind} | ${safeLink(name, url, NAME_CHARS)} | ${digest} | ${size === null ? 'not given' : renderSize(size)} |`
}

const figures = (artifacts: readonly Artifact[]): readonly string[] => {
  const all = artifacts.flatMap(({ figures }) => figures)
  if (all.length === 0) return []
  const rows = all
    .slice(0, MAX_FIGURES)
    .map(({ name, value, unit }) => `| ${neutraliseCell(name)} | ${value} ${neutraliseCell(unit, 20)} |`)
  const left = all.length - rows.length
  return [['| benchmark | value |', '|---|---|', ...rows, ...(left > 0 ? [`| and ${left} more | |`] : [])].join('\n')]
}

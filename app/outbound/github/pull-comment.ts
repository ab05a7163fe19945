/** The one comment we keep on each pull request: what every attempt left behind, as links with SHA-256 and size. Pure. */
import type { Artifact, Attempt, PullRequest, Task } from '../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../domain/text/neutralise.ts'
import { attemptTitle } from './checks/attempt-output.ts'
import { renderDuration, renderSize } from './checks/measures-text.ts'

/** Hidden in the comment, so that one whose id was lost can be found. Only our own comments are searched for it. */
export const pullCommentMark = (task: Pick<Task, 'stream'>, pull: Pick<PullRequest, 'number'>): string =>
  `<!-- muster:pull ${task.stream} ${pull.number} -->`

/** GitHub refuses more than 65,536 characters; whole attempts are left out before that, oldest first. */
const MAX_CHARS = 60_000
const MAX_FIGURES = 40

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
  const run = attempt.run === null ? '' : `, [run](${safeUrl(attempt.run.url) ?? ''})`
  const rows = artifacts.map(artifactRow)
  return [
    `${title}${took}${run}`,
    ...(rows.length === 0
      ? []
      : [['| artifact | | SHA-256 | size |', '|---|---|---|---|', ...rows].join('\n'), ...figures(artifacts)]),
  ].join('\n\n')
}

const artifactRow = ({ kind, name, url, sha256, size }: Artifact): string => {
  const target = safeUrl(url)
  const label = linkText(name)
  const link = target === null ? label : `[${label}](${target})`
  const digest = sha256 === null ? 'not given' : `\`${sha256}\``
  return `| ${kind} | ${link} | ${digest} | ${size === null ? 'not given' : renderSize(size)} |`
}

/** A backslash of theirs must not undo the one that keeps a bracket from ending the link. */
const linkText = (name: string): string =>
  neutraliseCell(name)
    .replace(/\\(?=[[\]])/g, '\\\u200b')
    .replace(/[[\]]/g, String.raw`\$&`)

const figures = (artifacts: readonly Artifact[]): readonly string[] => {
  const all = artifacts.flatMap(({ figures }) => figures)
  if (all.length === 0) return []
  const rows = all
    .slice(0, MAX_FIGURES)
    .map(({ name, value, unit }) => `| ${neutraliseCell(name)} | ${value} ${neutraliseCell(unit, 20)} |`)
  const left = all.length - rows.length
  return [['| benchmark | value |', '|---|---|', ...rows, ...(left > 0 ? [`| and ${left} more | |`] : [])].join('\n')]
}

/** An http(s) address that cannot leave its place in a Markdown link in a table, or null. */
const safeUrl = (url: string): string | null => {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    return null
  return parsed.href.length > 2_000
    ? null
    : parsed.href.replace(/[()<>|\\`*_[\]@]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`)
}

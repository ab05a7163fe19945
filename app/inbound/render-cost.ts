/** What `cost` answers: where the money of a task or of a project went. Markdown; words of others in it are inert. */
import { UNITS } from '../domain/budget/books.ts'
import type { Movement } from '../domain/budget/movements.ts'
import { costOf, retryInsight } from '../domain/retry/insight.ts'
import type { Attempt, Task } from '../domain/task/state.ts'
import { renderAmount, renderTokens, renderUsd } from '../domain/text/amounts.ts'
import { isoTime } from '../domain/text/iso-time.ts'
import { neutraliseCell } from '../domain/text/neutralise.ts'

const SHOWN_MOVEMENTS = 20
const SHOWN_ROWS = 30

export const renderTaskCost = (task: Task, movements: readonly Movement[]): string =>
  [
    `### ${task.key}: ${renderUsd(total(task.attempts))} in ${countOf(task.attempts.length, 'attempt')}`,
    table(
      '| # | agent | model | day | failure | cost | tokens | how it is known |',
      '|--:|---|---|---|---|--:|--:|---|',
      task.attempts.map(attemptRow),
    ),
    table(
      '| when | attempt | movement | amount |',
      '|---|--:|---|--:|',
      movements.slice(-SHOWN_MOVEMENTS).map(movementRow),
    ),
    ...insight([task]),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

export const renderProjectCost = (tasks: readonly Task[]): string => {
  // What was paid for before a transfer is in the books of the project that paid.
  const attempts = tasks.flatMap((task) =>
    task.attempts.filter(({ project = task.project }) => project === task.project),
  )
  const by = (title: string, nameOf: (attempt: Attempt) => string): string =>
    table(`| ${title} | attempts | cost | tokens |`, '|---|--:|--:|--:|', grouped(attempts, nameOf))
  return [
    `### ${renderUsd(total(attempts))} in ${countOf(attempts.length, 'attempt')} on ${countOf(tasks.length, 'task')}`,
    by('day', dayOf),
    by('model', ({ model }) => model ?? 'not said'),
    by('agent', ({ owner }) => owner),
    ...insight(tasks),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const insight = (tasks: readonly Task[]): readonly string[] => {
  const { classes, accepted, perAcceptedMicroUsd } = retryInsight(tasks)
  const rows = classes.map(
    ({ class: name, failed, fixed, costMicroUsd }) =>
      `| \`${name}\` | ${failed} | ${fixed} | ${renderUsd(costMicroUsd)} |`,
  )
  const each =
    perAcceptedMicroUsd === null
      ? 'Nothing of it was merged or completed yet.'
      : `${renderUsd(perAcceptedMicroUsd)} for each of ${countOf(accepted, 'task')} that ${accepted === 1 ? 'was' : 'were'} merged or completed.`
  return [table('| failure | attempts | cured by the next attempt | cost |', '|---|--:|--:|--:|', rows), each]
}

const table = (head: string, line: string, rows: readonly string[]): string =>
  rows.length === 0 ? '' : [head, line, ...rows.slice(-SHOWN_ROWS)].join('\n')

const dayOf = ({ reservation, openedAt }: Attempt): string => reservation?.day ?? isoTime(openedAt).slice(0, 10)

const tokensOf = ({ settled, tokens }: Attempt): number => settled?.tokens.amount ?? tokens?.total ?? 0

const total = (attempts: readonly Attempt[]): number => attempts.reduce((sum, attempt) => sum + costOf(attempt), 0)

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const grouped = (attempts: readonly Attempt[], nameOf: (attempt: Attempt) => string): readonly string[] => {
  const groups = Map.groupBy(attempts, nameOf)
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, of]) => {
      const tokens = of.reduce((sum, attempt) => sum + tokensOf(attempt), 0)
      return `| ${neutraliseCell(name, 60)} | ${of.length} | ${renderUsd(total(of))} | ${renderTokens(tokens)} |`
    })
}

const KNOWN_BY = {
  reported: 'reported',
  priced: 'by its tokens',
  reservation: 'no figure: what was reserved',
  unused: 'given back unused',
  unknown: 'no figure',
} as const

const attemptRow = (attempt: Attempt): string => {
  const { n, owner, model, failure, settled, reservation, costMicroUsd } = attempt
  const held = reservation !== undefined && settled === undefined
  const known =
    settled === undefined ? (costMicroUsd === null ? 'no figure' : 'reported') : KNOWN_BY[settled.microUsd.basis]
  const cells = [
    n,
    neutraliseCell(owner, 60),
    model === null ? '' : neutraliseCell(model, 60),
    dayOf(attempt),
    failure === null ? '' : `\`${failure.class}\``,
    renderUsd(costOf(attempt)),
    renderTokens(tokensOf(attempt)),
    held ? `${renderUsd(reservation.microUsd ?? 0)} reserved` : known,
  ]
  return `| ${cells.join(' | ')} |`
}

const movementRow = ({ at, attempt, kind, amount }: Movement): string => {
  const amounts = UNITS.filter((unit) => amount[unit] !== 0).map((unit) => renderAmount(unit, amount[unit]))
  return `| ${isoTime(at)} | ${attempt} | ${kind} | ${amounts.join(', ') || '$0.00'} |`
}

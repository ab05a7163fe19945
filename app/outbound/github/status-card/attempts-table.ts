/** One row per attempt, newest last, and what is known of the newest failure. */
import type { Attempt, Task } from '../../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import { renderCost, renderCount, renderDuration } from '../text/measures.ts'
import { newestRows } from '../text/rows.ts'
import { safeLink } from '../text/safe-link.ts'
import { ATTEMPT_WORDS } from './status-words.ts'

const ROOM = 4_000
const MESSAGE_CHARS = 600
const NONE = '–'

export const attemptsTable = (task: Task): string | null => {
  if (task.attempts.length === 0) return null
  const rows = newestRows(task.attempts.map(row), ROOM, (left) => `| | ${left} older attempts | | | | | | |`)
  const table = [
    '| # | agent | status | failure | duration | tokens | cost | run |',
    '|--:|---|---|---|--:|--:|--:|---|',
    ...rows,
    ...total(task.attempts),
  ].join('\n')
  const message = newestFailure(task.attempts)
  return message === null ? table : `${table}\n\n${message}`
}

const row = (attempt: Attempt): string => {
  const { n, owner, status, failure, tokens, costMicroUsd, run } = attempt
  const took = tookOf(attempt)
  const cells = [
    String(n),
    neutraliseCell(owner, 60),
    ATTEMPT_WORDS[status],
    failure === null ? NONE : `\`${failure.class}\`${failure.code === undefined ? '' : ` (${failure.code})`}`,
    took === null ? NONE : renderDuration(took),
    tokens === null ? NONE : renderCount(tokens.total),
    costMicroUsd === null ? NONE : renderCost(costMicroUsd),
    run === null ? NONE : safeLink(`run ${run.id}`, run.url, 40),
  ]
  return `| ${cells.join(' | ')} |`
}

/** As the run says, else from start to end. */
const tookOf = ({ durationMs, startedAt, endedAt }: Attempt): number | null =>
  durationMs ?? (startedAt === null || endedAt === null ? null : endedAt - startedAt)

/** Sums only what is known; a single attempt is its own total. */
const total = (attempts: readonly Attempt[]): readonly string[] => {
  if (attempts.length < 2) return []
  const tokens = attempts.reduce((sum, { tokens: used }) => sum + (used?.total ?? 0), 0)
  const cost = attempts.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0)
  return tokens === 0 && cost === 0 ? [] : [`| | | | **in all** | | ${renderCount(tokens)} | ${renderCost(cost)} | |`]
}

const newestFailure = (attempts: readonly Attempt[]): string | null => {
  const last = attempts.at(-1)
  if (last === undefined || last.failure === null) return null
  const { failure, tests } = last
  const counted = tests === null || tests.failed === 0 ? '' : ` (${tests.failed} of ${tests.total} tests failed)`
  return `Attempt ${last.n}: ${neutraliseLine(failure.message, MESSAGE_CHARS)}${counted}`
}

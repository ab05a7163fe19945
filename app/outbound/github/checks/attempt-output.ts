/** What the check run of an attempt says: title, summary table, the log's tail, annotations. Everything that others wrote is neutralised. */
import { policyOf } from '../../../domain/failure/codes.ts'
import type { Attempt, Task, TestFailure } from '../../../domain/task/state.ts'
import { renderFence } from '../../../domain/task/fence.ts'
import { neutralise, neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import type { Annotation } from './check-run.ts'
import { renderCost, renderCount, renderDuration } from '../text/measures.ts'
import { SAID_BY } from '../text/said-by.ts'

/** GitHub's bounds are 65,535 for summary and text; logs are worth less room than that. */
const LOG_CHARS = 20_000
/** Failing tests listed by name; all of those with a place become annotations. */
const LISTED_FAILURES = 30
const ANNOTATION_CHARS = 4_000
const TITLE_CHARS = 255
/** Four requests' worth. More red lines than this help nobody, and each batch costs a request. */
const MAX_ANNOTATIONS = 200

const WORDS: Record<Attempt['status'], string> = {
  queued: 'Queued',
  leased: 'Claimed, not started',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
  expired: 'Lease ran out',
}

/** `Failed: test_fail, $0.42`. */
export const attemptTitle = ({ status, failure, costMicroUsd }: Attempt): string =>
  [
    failure === null ? WORDS[status] : `${WORDS[status]}: ${failure.class}${failure.code ? ` (${failure.code})` : ''}`,
    ...(costMicroUsd === null ? [] : [renderCost(costMicroUsd)]),
  ].join(', ')

export const attemptSummary = (task: Task, attempt: Attempt): string => {
  const { failure, tests } = attempt
  const took = attempt.durationMs ?? (attempt.endedAt === null ? null : attempt.endedAt - attempt.openedAt)
  const rows: readonly (readonly [string, string | null])[] = [
    ['Agent', neutraliseCell(attempt.owner)],
    ['Model', attempt.model === null ? null : neutraliseCell(attempt.model)],
    ['Fence', renderFence(attempt.fence)],
    ['Duration', took === null ? null : renderDuration(took)],
    ['Tokens', attempt.tokens === null ? null : renderCount(attempt.tokens.total)],
    ['Cost', attempt.costMicroUsd === null ? null : renderCost(attempt.costMicroUsd)],
    ['Tests', tests === null ? null : `${tests.total - tests.failed - tests.skipped} of ${tests.total} passed`],
    ['Reported by', attempt.trust === null ? null : SAID_BY[attempt.trust]],
  ]
  const table = rows.flatMap(([name, value]) => (value === null ? [] : [`| ${name} | ${value} |`]))
  return [
    // GitHub shows the first row as the head of the table: an empty one would be an empty bar.
    [`| ${task.key} | #${task.number}: ${neutraliseCell(task.title)} |`, '|---|---|', ...table].join('\n'),
    ...(failure === null
      ? []
      : [`**${failure.class}**: ${neutraliseLine(failure.message, 600)}`, `Next: ${policyOf(failure).recovery}.`]),
    ...(tests === null || tests.failures.length === 0 ? [] : [failuresList(tests.failures)]),
  ].join('\n\n')
}

const failuresList = (failures: readonly TestFailure[]): string => {
  const rows = failures.slice(0, LISTED_FAILURES).map(({ name, file, line }) => {
    const place = file === null ? '' : ` (${neutraliseLine(file)}${line === null ? '' : `:${line}`})`
    return `- ${neutraliseLine(name)}${place}`
  })
  const left = failures.length - rows.length
  return ['Failing tests:', '', ...rows, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')
}

/** Neutralised text cannot close the fence. */
export const attemptText = ({ logTail }: Attempt): string | null =>
  logTail === null || logTail.trim() === ''
    ? null
    : `The end of the log:\n\n\`\`\`text\n${neutralise(logTail, { max: LOG_CHARS, keep: 'end' })}\n\`\`\``

/** Only failures whose place is known, in the report's order. */
export const attemptAnnotations = ({ tests }: Attempt): readonly Annotation[] =>
  (tests?.failures ?? [])
    .flatMap(({ name, file, line, message }) =>
      file === null || line === null || line < 1 || !isRepositoryPath(file)
        ? []
        : [
            {
              path: file,
              line,
              title: neutraliseLine(name, TITLE_CHARS),
              message: neutralise(message, { max: ANNOTATION_CHARS }).trim() || 'failed',
            },
          ],
    )
    .slice(0, MAX_ANNOTATIONS)

/** An absolute path or one that climbs out names no file of the repository; GitHub would refuse the whole request for it. */
const isRepositoryPath = (path: string): boolean =>
  path !== '' && path.length <= 1_000 && !/^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\p{Cc}/u.test(path)

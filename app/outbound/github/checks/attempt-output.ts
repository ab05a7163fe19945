/** What the check run of an attempt says: title, summary table, the log's tail, annotations. Everything that others wrote is neutralised. */
import { policyOf } from '../../../domain/failure/codes.ts'
import type { Attempt, Task, TestFailure } from '../../../domain/task/state.ts'
import { renderFence } from '../../../domain/task/fence.ts'
import { lastLines } from '../../../domain/text/last-lines.ts'
import { neutralise, neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import type { Annotation } from './check-run.ts'
import { renderCost, renderCount, renderDuration } from '../text/measures.ts'
import { safeLink } from '../text/safe-link.ts'
import { SAID_BY } from '../text/said-by.ts'
import { screenshots } from '../text/screenshots.ts'

/** GitHub's bounds are 65,535 for summary and text; logs are worth less room than that. */
const LOG_CHARS = 20_000
const LINK_CHARS = 120
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
    ...screenshots(task.artifacts.filter((artifact) => artifact.attempt === attempt.n)),
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

/** Neutralised text cannot close the fence. The rest of the log stands where the run, or the log that it left, is. */
export const attemptText = ({ artifacts }: Pick<Task, 'artifacts'>, { n, logTail, run }: Attempt): string | null => {
  if (logTail === null || logTail.trim() === '') return null
  const kept = artifacts.findLast(({ kind, attempt }) => kind === 'log' && attempt === n)
  const whole =
    kept === undefined ? run && safeLink('the run', run.url, LINK_CHARS) : safeLink(kept.name, kept.url, LINK_CHARS)
  const tail = lastLines(neutralise(logTail, { max: Number.MAX_SAFE_INTEGER }), LOG_CHARS)
  return `The end of the log${whole === null ? '' : ` (all of it: ${whole})`}:\n\n\`\`\`text\n${tail}\n\`\`\``
}

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

/**
 * Renders a report as the job summary. Every word of agents, tests and workflows is made inert first. Everything in it is
 * bounded, in sum well below the 1 MiB that GitHub shows of a step.
 */
import { neutralise, neutraliseCell, neutraliseLine } from '../../../app/domain/text/neutralise.ts'
import { policyOf, isFailureCode } from '../../../app/domain/failure/codes.ts'
import { renderDuration } from '../../../schemas/duration.ts'
import type { Report } from '../../../schemas/report.ts'

const MAX_FAILURES = 20
const MAX_ROWS = 30
const MAX_TAIL = 4_000
const MAX_DETAILS = 10
const MAX_DETAIL = 1_500

export const renderSummary = (report: Report): string =>
  [
    renderTitle(report),
    renderFacts(report),
    ...renderFailures(report.tests),
    ...renderBenchmarks(report.benchmarks),
    ...renderArtifacts(report.artifacts),
    ...renderWarnings(report.warnings),
    ...renderTail(report.logTail),
  ].join('\n\n') + '\n'

const renderTitle = ({ task, status, failure }: Report): string => {
  const name = task.key ?? (task.number === null ? 'Run' : `Task ${task.number}`)
  const attempt = task.attempt === null ? '' : ` attempt ${task.attempt}`
  if (failure === null) return `### ${name}${attempt}: ${status}`
  const code = failure.code === null ? '' : ` (${failure.code})`
  const known = failure.code !== null && isFailureCode(failure.code) ? { code: failure.code } : {}
  const next = policyOf({ class: failure.class, ...known }).recovery
  // The message may be the evidence in other words already.
  const evidence =
    failure.evidence === null || failure.message.startsWith(failure.evidence)
      ? []
      : [`> ${neutraliseLine(failure.evidence, 500)}`]
  return [
    `### ${name}${attempt}: ${status}, \`${failure.class}\`${code}`,
    `${neutraliseLine(failure.message, 600)}. Next: ${next}.`,
    ...evidence,
  ].join('\n\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 6 })

const renderFacts = ({ agent, tests, tokens, cost, durationMs, run }: Report): string => {
  const rows: (readonly [string, string])[] = []
  const add = (name: string, value: string | null): void => {
    if (value !== null) rows.push([name, value])
  }
  add(
    'Agent',
    [agent.kind, agent.version]
      .filter((word) => word !== null)
      .map((word) => neutraliseCell(word, 100))
      .join(' ') || null,
  )
  add('Model', agent.model === null ? null : neutraliseCell(agent.model))
  add('Duration', durationMs === null ? null : renderDuration(durationMs))
  add(
    'Cost',
    cost === null ? null : `$${cost.usd.toFixed(4)}${cost.basis === 'computed' ? ' (computed from list prices)' : ''}`,
  )
  add(
    'Tokens',
    tokens === null
      ? null
      : `${number(tokens.total)} (${number(tokens.input)} in, ${number(tokens.output)} out, ${number(tokens.cacheRead)} cache read, ${number(tokens.cacheWrite)} cache write)`,
  )
  add('Tests', tests === null ? null : countTests(tests))
  add('Denied tools', agent.denials.length === 0 ? null : neutraliseCell(agent.denials.join(', ')))
  add('Commit', run.headSha === null ? null : `\`${run.headSha.slice(0, 12)}\``)
  return rows.length === 0 ? '_Nothing was measured._' : table(['What', 'Measured'], rows)
}

const countTests = (tests: NonNullable<Report['tests']>): string => {
  const { total, failed, errors, skipped, flaky } = tests
  const passed = Math.max(0, total - failed - skipped)
  const more = [
    `${failed} failed`,
    ...(errors > 0 ? [`${errors} broke`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(flaky > 0 ? [`${flaky} flaky`] : []),
  ]
  return `${passed} passed, ${more.join(', ')}`
}

const section = (title: string, body: string | null): readonly string[] =>
  body === null ? [] : [`#### ${title}`, body]

const renderFailures = (tests: Report['tests']): readonly string[] => {
  if (tests === null || tests.failures.length === 0) return []
  const shown = tests.failures
    .slice(0, MAX_FAILURES)
    .map(({ name, file, line, message }) => [
      neutraliseCell(name),
      file === null ? '' : neutraliseCell(`${file}${line === null ? '' : `:${line}`}`),
      neutraliseCell(message, 300),
    ])
  const left = tests.failed + tests.errors - shown.length
  return [
    ...section('Failing tests', table(['Test', 'Where', 'Message'], shown)),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...renderDetails(tests.failures),
  ]
}

/** What the tests printed, folded away. */
const renderDetails = (failures: NonNullable<Report['tests']>['failures']): readonly string[] => {
  const blocks = failures
    .slice(0, MAX_DETAILS)
    .flatMap(({ name, details }) =>
      details === null ? [] : [`${neutraliseLine(name)}\n\n${fence(neutralise(details, { max: MAX_DETAIL }))}`],
    )
  return blocks.length === 0 ? [] : fold('What they print', blocks.join('\n\n'))
}

/** Neutralised text cannot close the fence. */
const fence = (text: string): string => ['```text', text, '```'].join('\n')

const fold = (title: string, body: string): readonly string[] => [
  `<details><summary>${title}</summary>`,
  body,
  '</details>',
]

const renderBenchmarks = (benchmarks: Report['benchmarks']): readonly string[] => {
  if (benchmarks.length === 0) return []
  const rows = benchmarks
    .slice(0, MAX_ROWS)
    .map(({ name, value, unit, range }) => [
      neutraliseCell(name),
      `${number(value)} ${neutraliseCell(unit)}`.trim(),
      range === null ? '' : neutraliseCell(range),
    ])
  return section('Benchmarks', table(['Name', 'Value', 'Range'], rows))
}

const renderArtifacts = (artifacts: Report['artifacts']): readonly string[] => {
  if (artifacts.length === 0) return []
  const rows = artifacts
    .slice(0, MAX_ROWS)
    .map(({ kind, name, size, sha256 }) => [
      kind,
      neutraliseCell(name),
      size === null ? '' : `${number(size)} bytes`,
      sha256 === null ? '' : `\`${sha256}\``,
    ])
  return section('Artifacts', table(['Kind', 'Name', 'Size', 'SHA-256'], rows))
}

const renderWarnings = (warnings: readonly string[]): readonly string[] =>
  section(
    'Warnings',
    warnings.length === 0 ? null : warnings.map((line) => `- ${neutraliseLine(line, 500)}`).join('\n'),
  )

const renderTail = (tail: string | null): readonly string[] =>
  tail === null ? [] : fold('End of the log', fence(neutralise(tail, { max: MAX_TAIL, keep: 'end' })))

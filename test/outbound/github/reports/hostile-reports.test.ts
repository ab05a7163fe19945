/** Reports that keep to the contract and are as nasty as it allows: what becomes of them must be kept, read back and shown. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../../app/domain/event/canonical-json.ts'
import { attemptCheck } from '../../../../app/outbound/github/checks/attempt-check.ts'
import { constantCheck } from '../../../../app/outbound/github/checks/constant-check.ts'
import { pullComment } from '../../../../app/outbound/github/pull-comment.ts'
import { reportCommand, reportSource } from '../../../../app/outbound/github/reports/report-command.ts'
import { statusCard } from '../../../../app/outbound/github/status-card.ts'
import { FAILURE_CLASS_NAMES, parseReport, type Report } from '../../../../schemas/report.ts'
import { taskStateSchema } from '../../../../schemas/task-state.ts'
import { RUNNING, given } from '../../../domain/given.ts'
import { HEAD_SHA, anAttempt } from '../task-fixture.ts'
import { aReport } from './report-fixture.ts'

const count = fc.oneof(fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER), fc.maxSafeNat())
const text = (max: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '\0',
          '\uD800',
          '-->',
          '<!--',
          '@everyone',
          '```\n',
          '|',
          'Closes #1 ',
          '\n/approve',
          '\u202e',
          'muster:record',
        ),
        fc.string({ unit: 'binary', maxLength: 9 }),
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('').slice(0, max))
const failure = fc.record({
  class: fc.constantFrom(...FAILURE_CLASS_NAMES),
  code: fc.constantFrom(null, 'quota', 'no_such_code'),
  message: text(1_000),
  evidence: fc.option(text(500)),
  confidence: fc.constantFrom('typed' as const, 'guess' as const),
  retryAfterMs: fc.option(count),
})
const testFailure = fc.record({
  name: text(300),
  suite: fc.constant(null),
  file: fc.option(text(300)),
  line: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  message: text(1_000),
  details: fc.constant(null),
})
const hostile = fc.record({
  failure: fc.option(failure),
  tests: fc.option(
    fc.record({
      total: count,
      failed: count,
      errors: count,
      skipped: count,
      flaky: count,
      failures: fc.array(testFailure, { maxLength: 3 }),
    }),
  ),
  tokens: fc.option(fc.record({ input: count, output: count, cacheRead: count, cacheWrite: count, total: count })),
  cost: fc.option(
    fc.record({
      usd: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      basis: fc.constant('reported' as const),
    }),
  ),
  durationMs: fc.option(count),
  logTail: fc.option(text(2_000)),
  model: fc.option(text(200)),
  job: text(300),
  name: text(300),
  benchmark: fc.record({
    name: text(300),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    unit: text(60),
    direction: fc.constant('bigger' as const),
    range: fc.constant(null),
  }),
})

const reportOf = ({
  failure: failed,
  model,
  job,
  benchmark,
  name: _name,
  ...rest
}: typeof hostile extends fc.Arbitrary<infer T> ? T : never): Report => {
  const base = aReport()
  return {
    ...base,
    ...rest,
    agent: { ...base.agent, model },
    run: { ...base.run, job },
    status: failed === null ? 'succeeded' : 'failed',
    failure: failed,
    benchmarks: [benchmark],
  }
}

describe('a hostile report', () => {
  it('leaves a task that replays to the same bytes, fits the record’s schema, and can be shown', () => {
    const pull = { number: 4, branch: 'muster/DEV-12-x', headSha: HEAD_SHA, state: 'open' as const }
    const run = { id: 900, attempt: 1, url: 'https://github.test/runs/900', headSha: HEAD_SHA, conclusion: 'success' }
    fc.assert(
      fc.property(hostile, fc.constantFrom('self' as const, 'ci' as const), fc.boolean(), (drawn, trust, left) => {
        const parsed = parseReport(JSON.stringify(reportOf(drawn)))
        if (!parsed.ok) throw new Error(parsed.problem)
        const command = reportCommand(parsed.report, {
          trust,
          attempt: anAttempt(),
          source: reportSource(
            parsed.report,
            { path: '.github/workflows/ci.yml', event: 'push', attempt: 1 },
            drawn.name,
          ),
          onBranch: true,
          stale: left,
          left,
          decides: !left,
          run,
          artifactUrl: 'https://github.test/runs/900/artifacts/1',
          files: new Map(),
        })
        const { after } = given(...RUNNING, [{ type: 'observe-pull-request', pullRequest: pull }]).when(command)
        if (after === null) throw new Error('the report was refused')
        const bytes = canonicalJson(after)
        const back: unknown = JSON.parse(bytes)
        expect(canonicalJson(back)).toBe(bytes)
        const valid = taskStateSchema.safeParse(back)
        expect(valid.success ? [] : valid.error.issues).toEqual([])
        const [attempt] = after.attempts
        if (attempt === undefined) throw new Error('no attempt')
        const check = attemptCheck(after, attempt)
        for (const { line } of check?.annotations ?? []) expect(line).toBeLessThan(2 ** 31)
        // A path is a path: GitHub looks for no words in it.
        const annotations = check?.annotations.map(({ title, message }) => [title, message])
        const checks = [{ ...check, annotations }, constantCheck(after, pull)]
        const shown = [statusCard(after), pullComment(after, pull), JSON.stringify(checks)]
        for (const page of shown) {
          expect(page).not.toMatch(/@everyone|Closes #1|muster:record v1 kid/)
          expect(page.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })
})

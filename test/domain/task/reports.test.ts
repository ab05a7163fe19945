/** Reports on one commit by several jobs, in whatever order they are read. */
import { describe, expect, it } from 'vitest'
import type { TaskCommandOf } from '../../../app/domain/task/commands.ts'
import { RUNNING, given } from '../given.ts'

const HEAD = 'a'.repeat(40)
const OLD = 'b'.repeat(40)
const FAILURE = { class: 'test_fail', message: '1 of 9 tests failed' } as const
const TESTS = { total: 9, failed: 0, skipped: 0, failures: [] }
const FAILING = {
  total: 9,
  failed: 1,
  skipped: 0,
  failures: [{ name: 'adds', file: 'a.test.ts', line: 3, message: 'no' }],
}

type Report = TaskCommandOf<'report-attempt'>

const report = (source: string, passed: boolean, attempt = 1, over: Partial<Report> = {}): Report => ({
  type: 'report-attempt',
  attempt: 1,
  source,
  passed,
  failure: passed ? null : FAILURE,
  headSha: HEAD,
  measures: {
    trust: 'ci',
    durationMs: null,
    tokens: null,
    costMicroUsd: null,
    model: null,
    tests: passed ? TESTS : FAILING,
    run: { id: 9, attempt, url: 'https://example.test/9' },
    logTail: null,
  },
  artifacts: [],
  retryAfterMs: null,
  ...over,
})

const after = (...reports: readonly Report[]) => given(...RUNNING, ...reports.map((one) => [one] as const)).task
const evidence = (...reports: readonly Report[]) =>
  after(...reports)?.evidence.map(({ command, passed, by }) => `${command} ${passed ? 'green' : 'red'} ${by}`)

describe('two attempts of one run', () => {
  it('are told apart, and the later one stands, also when the earlier one is read after it', () => {
    const [first, second] = [report('ci.yml / unit', false), report('ci.yml / unit', true, 2)]
    expect(evidence(first, second)?.at(-1)).toBe('tests (ci.yml / unit) green 9.2')
    expect(evidence(second, first)).toEqual(['tests (ci.yml / unit) green 9.2'])
    const [pass, fail] = [report('ci.yml / unit', true), report('ci.yml / unit', false, 2)]
    expect(evidence(fail, pass)).toEqual(['tests (ci.yml / unit) red 9.2'])
    expect(after(fail, pass)).toMatchObject({ attempts: [{ status: 'failed', tests: FAILING }] })
    // Other jobs of the earlier attempt were not run again: theirs count.
    expect(evidence(second, report('ci.yml / lint', false))).toContain('tests (ci.yml / lint) red 9')
  })
})

describe('the failing tests of one job', () => {
  it('stay in sight when another job of the commit passes after it', () => {
    const reports = [report('ci.yml / unit / 22', false), report('ci.yml / unit / 24', true)]
    expect(after(...reports)?.attempts[0]?.tests).toEqual(FAILING)
    expect(after(...reports, report('ci.yml / unit / 22', true, 2))?.attempts[0]?.tests).toEqual(TESTS)
  })
})

describe('a job without tests', () => {
  it('takes back by passing that it failed', () => {
    const measures = { ...report('x', true).measures, tests: null }
    const lint = (passed: boolean, attempt: number): Report =>
      report('ci.yml / lint', passed, attempt, {
        measures: { ...measures, run: { id: 9, attempt, url: 'https://example.test/9' } },
      })
    expect(evidence(lint(true, 1))).toEqual([])
    expect(evidence(lint(false, 1), lint(true, 2))).toEqual([
      'tests (ci.yml / lint) red 9',
      'tests (ci.yml / lint) green 9.2',
    ])
  })
})

describe('a commit that the work has left', () => {
  it('keeps what CI found on it, and nothing else changes', () => {
    const measures = { ...report('x', true).measures, tests: null }
    const left = (passed: boolean): Report =>
      report('ci.yml / unit', passed, 1, {
        passed: null,
        failure: null,
        headSha: null,
        left: { headSha: OLD, passed },
        measures,
      })
    for (const passed of [true, false]) {
      const task = given(...RUNNING, [{ type: 'observe-head', branch: 'x', headSha: HEAD, attempt: null }])
        .when(left(passed))
        .gives('attempt-measured', 'evidence-recorded')
      expect(task).toMatchObject({
        status: 'in_progress',
        attempts: [{ status: 'running', headSha: HEAD, tests: null }],
        evidence: [{ headSha: OLD, passed, trust: 'ci' }],
      })
    }
  })
})

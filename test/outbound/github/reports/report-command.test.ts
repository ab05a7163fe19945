import { describe, expect, it } from 'vitest'
import {
  reportCommand,
  reportSource,
  type ReportContext,
} from '../../../../app/outbound/github/reports/report-command.ts'
import { HEAD_SHA, anAttempt } from '../task-fixture.ts'
import { parseReport, type Report } from '../../../../schemas/report.ts'
import { aReport } from './report-fixture.ts'

const OTHER = 'c'.repeat(40)
const context = (change: Partial<ReportContext> = {}): ReportContext => ({
  trust: 'ci',
  attempt: anAttempt({ headSha: HEAD_SHA }),
  source: 'ci.yml / test',
  onBranch: true,
  stale: false,
  left: false,
  decides: true,
  run: { id: 900, attempt: 1, url: 'https://github.test/runs/900', headSha: OTHER, conclusion: 'success' },
  artifactUrl: 'https://github.test/runs/900/artifacts/1',
  files: new Map(),
  ...change,
})

describe('reportCommand', () => {
  it('carries figures in our units', () => {
    expect(reportCommand(aReport(), context())).toMatchObject({
      attempt: 1,
      passed: true,
      failure: null,
      headSha: OTHER,
      measures: {
        trust: 'ci',
        costMicroUsd: 420_000,
        tokens: { total: 330 },
        tests: { total: 3, failed: 0, skipped: 1 },
      },
    })
  })

  it('hands in the output of a report that may end the attempt, and of no other', () => {
    const of = (output: string, change: Partial<ReportContext> = {}) =>
      reportCommand(aReport({ output }), context(change))
    expect(of('{"path":"a.ts"}').output).toEqual({ path: 'a.ts' })
    expect(of('null').output).toBeNull()
    expect(of('{}', { decides: false })).not.toHaveProperty('output')
    expect(reportCommand(aReport(), context())).not.toHaveProperty('output')
    // Made up: the Action writes no such thing.
    for (const text of ['', '{', '1e999', '['.repeat(2_000) + ']'.repeat(2_000)]) {
      expect(of(text)).not.toHaveProperty('output')
    }
    expect(parseReport(JSON.stringify(aReport({ output: 'x'.repeat(4_001) })))).toMatchObject({ ok: false })
  })

  it('does not let a report pass whose run GitHub calls something else', () => {
    const run = { ...context().run, conclusion: 'failure' }
    expect(reportCommand(aReport(), context({ run })).passed).toBeNull()
  })

  it('carries figures only when it may not decide, and nothing of a commit that was left behind', () => {
    const failure = {
      class: 'test_fail',
      code: null,
      message: 'm',
      evidence: null,
      confidence: 'typed',
      retryAfterMs: null,
    } as const
    const failed = aReport({ status: 'failed', failure, logTail: 'the end' })
    const foreign = reportCommand(failed, context({ decides: false }))
    expect(foreign).toMatchObject({ passed: null, failure: null, headSha: OTHER, measures: { tests: { total: 3 } } })
    const stale = reportCommand(failed, context({ decides: false, stale: true }))
    expect(stale).toMatchObject({
      passed: null,
      failure: null,
      headSha: null,
      measures: { tests: null, logTail: null },
    })
    expect(stale.measures.costMicroUsd).toBe(420_000)
  })

  it('takes no figure from a report that the record could not hold or a calendar does not have', () => {
    const most = Number.MAX_SAFE_INTEGER
    const failure = {
      class: 'rate_limit',
      code: null,
      message: 'm',
      evidence: null,
      confidence: 'typed',
      retryAfterMs: most,
    } as const
    const report = aReport({
      status: 'failed',
      failure,
      cost: { usd: Number.MAX_VALUE, basis: 'reported' },
      tests: { total: most, failed: most, errors: most, skipped: most, flaky: 0, failures: [] },
    })
    const parsed = parseReport(JSON.stringify(report))
    if (!parsed.ok) throw new Error(parsed.problem)
    const { measures, retryAfterMs } = reportCommand(parsed.report, context())
    expect(retryAfterMs).toBeNull()
    expect(measures).toMatchObject({ costMicroUsd: most, tests: { total: most, failed: most } })
    const day = { ...report, failure: { ...failure, retryAfterMs: 86_400_000 } }
    expect(reportCommand(day, context()).retryAfterMs).toBe(86_400_000)
  })

  it('has not passed when tests failed, whatever the report calls it', () => {
    const tests = { total: 3, failed: 0, errors: 1, skipped: 0, flaky: 0, failures: [] }
    expect(reportCommand(aReport({ tests }), context())).toMatchObject({
      passed: null,
      measures: { tests: { failed: 1 } },
    })
  })

  it('keeps CI’s word on a commit that the work has left with that commit, and nobody else’s', () => {
    const left = { decides: false, stale: true, left: true }
    const of = (report: Report, trust: 'ci' | 'self' = 'ci') => reportCommand(report, context({ ...left, trust })).left
    const failure = {
      class: 'test_fail',
      code: null,
      message: 'm',
      evidence: null,
      confidence: 'typed',
      retryAfterMs: null,
    } as const
    expect(of(aReport())).toEqual({ headSha: OTHER, passed: true })
    expect(of(aReport({ status: 'failed', failure }))).toEqual({ headSha: OTHER, passed: false })
    expect(of(aReport({ status: 'failed', failure, tests: null }))).toEqual({ headSha: OTHER, passed: false })
    expect(of(aReport({ tests: null }))).toBeUndefined()
    expect(of(aReport(), 'self')).toBeUndefined()
    expect(reportCommand(aReport(), context()).left).toBeUndefined()
  })

  it('believes the commit of a run elsewhere only from CI, or when we know it', () => {
    const elsewhere = { ...aReport(), run: { ...aReport().run, headSha: OTHER } }
    expect(reportCommand(elsewhere, context({ onBranch: false })).headSha).toBe(OTHER)
    expect(reportCommand(elsewhere, context({ onBranch: false, trust: 'self' })).headSha).toBeNull()
    expect(reportCommand(aReport(), context({ onBranch: false, trust: 'self' })).headSha).toBe(HEAD_SHA)
  })

  it('counts suites that broke as failures, and takes secrets out of what tests say', () => {
    const token = `ghp_${'a1'.repeat(18)}`
    const failure = { name: 'rounds', suite: 'money', file: 'a.js', line: 3, message: `no ${token}`, details: null }
    const tests = { total: 1, failed: 1, errors: 1, skipped: 0, flaky: 0, failures: [failure] }
    const failed = {
      class: 'test_fail',
      code: 'nonsense',
      message: token,
      evidence: token,
      confidence: 'typed',
      retryAfterMs: null,
    } as const
    const command = reportCommand(aReport({ status: 'failed', failure: failed, tests, logTail: token }), context())
    expect(command.measures.tests).toMatchObject({
      total: 2,
      failed: 2,
      failures: [{ name: 'rounds', line: 3 }],
    })
    expect(command.failure).not.toHaveProperty('code')
    expect(JSON.stringify(command)).not.toContain(token)
  })

  it('keeps artifacts that lead somewhere, with the digests of the bytes that are there', () => {
    const artifact = (path: string | null, url: string | null) =>
      ({ kind: 'log', name: String(path ?? url), path, url, sha256: 'f'.repeat(64), size: 1, mediaType: null }) as const
    const artifacts = [artifact('log.txt', null), artifact('gone.txt', null), artifact(null, 'https://x.test/a')]
    const benchmarks = [{ name: 'parse', value: 3, unit: 'ms', direction: 'smaller', range: null } as const]
    const files = new Map([['log.txt', { sha256: '1'.repeat(64), size: 42 }]])
    expect(reportCommand(aReport({ artifacts, benchmarks }), context({ files })).artifacts).toMatchObject([
      { name: 'log.txt', url: context().artifactUrl, sha256: '1'.repeat(64), size: 42 },
      { name: 'https://x.test/a', url: 'https://x.test/a', sha256: 'f'.repeat(64) },
      { kind: 'benchmark', figures: [{ name: 'parse', value: 3, unit: 'ms' }] },
    ])
  })
})

describe('reportSource', () => {
  const run = { path: '.github/workflows/ci.yml', event: 'push', attempt: 2 }

  it('names workflow and job, the same for every run of it', () => {
    expect(reportSource(aReport(), run, 'muster-report-test-2')).toBe('ci.yml / test')
    expect(reportSource(aReport(), { ...run, attempt: 3 }, 'muster-report-test-3')).toBe('ci.yml / test')
  })

  it('keeps jobs of a matrix apart by the names of their reports, and a merge apart from its head', () => {
    expect(reportSource(aReport(), run, 'muster-report-node-24-2')).toBe('ci.yml / test / node-24')
    const merge = { ...run, event: 'pull_request' }
    expect(reportSource(aReport(), merge, 'muster-report-test-2')).toBe('ci.yml / test on pull_request')
  })

  it('is bounded', () => {
    expect(reportSource(aReport(), run, `muster-report-${'x'.repeat(9_000)}-2`)).toHaveLength(400)
  })
})

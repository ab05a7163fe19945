import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { FAILURE_CODES } from '../../app/domain/failure/codes.ts'
import { FAILURE_CLASSES, type FailureClass } from '../../app/domain/failure/taxonomy.ts'
import { REPORT_LIMITS } from '../../schemas/report-limits.ts'
import { FAILURE_CLASS_NAMES, parseReport, reportSchema, type Report } from '../../schemas/report.ts'

const report: Report = {
  version: 1,
  task: { key: 'DEV-12', number: 12, attempt: 3, source: 'branch' },
  run: {
    repository: 'acme/widgets',
    repositoryId: 7,
    id: 99,
    attempt: 1,
    workflowRef: 'acme/widgets/.github/workflows/agent.yml@refs/heads/main',
    job: 'agent',
    event: 'workflow_dispatch',
    headSha: 'a'.repeat(40),
    headBranch: 'muster/DEV-12-fix',
  },
  agent: { kind: 'claude-code', version: null, model: 'claude-sonnet-5', session: null, turns: 3, denials: [] },
  status: 'succeeded',
  failure: null,
  tests: null,
  tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, total: 10 },
  cost: { usd: 0.5, basis: 'reported' },
  durationMs: 1000,
  finishedAt: '2026-11-21T06:00:00.000Z',
  artifacts: [],
  benchmarks: [],
  logTail: null,
  warnings: [],
}

const parse = (value: unknown) => parseReport(JSON.stringify(value))

describe('report schema', () => {
  it('reads back what it describes, and drops what it does not know', () => {
    expect(parse({ ...report, later: 1 })).toEqual({ ok: true, report })
  })

  it('names the same classes as the failure table, and fits its codes', () => {
    const names: readonly FailureClass[] = FAILURE_CLASS_NAMES
    expect(names).toEqual(FAILURE_CLASSES)
    for (const code of Object.keys(FAILURE_CODES)) expect(code).toMatch(/^[a-z][a-z0-9_]{0,39}$/)
  })

  it('refuses with a problem that does not repeat the text', () => {
    expect(parseReport('{')).toEqual({ ok: false, problem: 'it is not JSON' })
    expect(parseReport(' '.repeat(REPORT_LIMITS.bytes + 1))).toMatchObject({ ok: false })
    for (const [value, path] of [
      [{ ...report, version: 2 }, 'version'],
      [{ ...report, task: { ...report.task, key: '<!-- -->' } }, 'task.key'],
      [{ ...report, run: { ...report.run, id: 1.5 } }, 'run.id'],
      [{ ...report, logTail: 'x'.repeat(REPORT_LIMITS.logTail + 1) }, 'logTail'],
      [{ ...report, cost: { usd: -1, basis: 'reported' } }, 'cost.usd'],
      [{ ...report, status: 'failed' }, 'failure'],
    ] as const) {
      const parsed = parse(value)
      expect(parsed.ok, path).toBe(false)
      expect(parsed.ok ? '' : parsed.problem).toMatch(new RegExp(`^${path}: `))
      expect(parsed.ok ? '' : parsed.problem).not.toContain('<!--')
    }
  })

  it('accepts only https links', () => {
    const artifact = { kind: 'log', name: 'l', path: null, sha256: null, size: null, mediaType: null } as const
    expect(parse({ ...report, artifacts: [{ ...artifact, url: 'https://x.test/a' }] }).ok).toBe(true)
    expect(parse({ ...report, artifacts: [{ ...artifact, url: 'javascript:alert(1)' }] }).ok).toBe(false)
  })

  it('converts to JSON Schema', () => {
    expect(z.toJSONSchema(reportSchema)).toMatchObject({ type: 'object', properties: { version: { const: 1 } } })
  })
})

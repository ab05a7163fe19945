/** A report as the Action writes one; tests change what they are about. */
import type { Report } from '../../../../schemas/report.ts'

export const aReport = (change: Partial<Report> = {}): Report => ({
  version: 1,
  task: { key: 'DEV-12', number: 12, attempt: 1, source: 'branch' },
  run: {
    repository: 'acme/widgets',
    repositoryId: 401,
    id: 900,
    attempt: 1,
    workflowRef: 'acme/widgets/.github/workflows/ci.yml@refs/heads/main',
    job: 'test',
    event: 'push',
    headSha: 'a'.repeat(40),
    headBranch: 'muster/DEV-12-round',
  },
  agent: { kind: null, version: null, model: 'claude-sonnet-5', session: null, turns: null, denials: [] },
  status: 'succeeded',
  failure: null,
  tests: { total: 3, failed: 0, errors: 0, skipped: 1, flaky: 0, failures: [] },
  tokens: { input: 10, output: 20, cacheRead: 300, cacheWrite: 0, total: 330 },
  cost: { usd: 0.42, basis: 'reported' },
  durationMs: 61_000,
  finishedAt: '2026-11-21T12:00:00Z',
  artifacts: [],
  benchmarks: [],
  logTail: null,
  warnings: [],
  ...change,
})

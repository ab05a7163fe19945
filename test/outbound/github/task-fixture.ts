/** Tasks to reconcile, in any state a test needs. */
import type { Attempt, Task } from '../../../app/domain/task/state.ts'

export const AT = Date.UTC(2026, 10, 21, 12)
export const BASE_SHA = 'b'.repeat(40)
export const HEAD_SHA = 'a'.repeat(40)

export const aTask = (change: Partial<Task> = {}): Task => ({
  stream: 'task/1/12',
  project: 'project/1',
  key: 'DEV-12',
  number: 12,
  title: 'Rounding is off by one cent',
  status: 'ready',
  beneath: null,
  statusSince: AT,
  waiting: null,
  asks: null,
  priority: 'p2',
  lease: null,
  fence: { epoch: 0, n: 0 },
  attempts: [],
  retriesFrom: 1,
  strikes: 0,
  blockers: [],
  nextBlocker: 1,
  evidence: [],
  artifacts: [],
  notes: [],
  dependsOn: [],
  details: {},
  waitsFor: [],
  pullRequests: [],
  createdBy: 'alice',
  createdAt: AT,
  ...change,
})

export const anAttempt = (change: Partial<Attempt> = {}): Attempt => ({
  n: 1,
  status: 'running',
  owner: 'claude',
  fence: { epoch: 1, n: 1 },
  openedAt: AT,
  startedAt: AT + 1_000,
  endedAt: null,
  durationMs: null,
  baseSha: BASE_SHA,
  headSha: null,
  branch: null,
  failure: null,
  tests: null,
  tokens: null,
  costMicroUsd: null,
  trust: null,
  model: null,
  run: null,
  logTail: null,
  ...change,
})

export const failedTests = (count: number): Attempt['tests'] => ({
  total: count + 1,
  failed: count,
  skipped: 0,
  failures: Array.from({ length: count }, (_, index) => ({
    name: `rounds ${index}`,
    file: 'test/round.test.ts',
    line: index + 1,
    message: `expected ${index}`,
  })),
})

export const aFailedAttempt = (change: Partial<Attempt> = {}): Attempt =>
  anAttempt({
    status: 'failed',
    headSha: HEAD_SHA,
    branch: 'muster/DEV-12-round',
    endedAt: AT + 60_000,
    failure: { class: 'test_fail', message: '1 of 2 tests failed' },
    tests: failedTests(1),
    costMicroUsd: 420_000,
    ...change,
  })

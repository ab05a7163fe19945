import { describe, expect, it } from 'vitest'
import { FAILURES } from '../../../app/domain/failure/taxonomy.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { Measures } from '../../../app/domain/task/events.ts'
import { CLAIMED, READY, RUNNING, claim, fail, given } from '../given.ts'

const MEASURES: Measures = {
  trust: 'ci',
  durationMs: 60_000,
  tokens: { total: 1200, input: 1000, output: 200, cacheRead: 0, cacheWrite: 0 },
  costMicroUsd: 42_000,
  model: 'claude-opus-5',
  tests: null,
  run: { id: 9, attempt: 1, url: 'https://example.test/9' },
  logTail: null,
}

const report = (over: Partial<TaskCommand & { type: 'report-attempt' }> = {}): TaskCommand => ({
  type: 'report-attempt',
  attempt: 1,
  source: 'ci.yml / unit',
  passed: true,
  failure: null,
  headSha: 'a'.repeat(40),
  measures: MEASURES,
  artifacts: [],
  retryAfterMs: null,
  ...over,
})

describe('a failed attempt', () => {
  it('waits for its backoff and is then ready again', () => {
    const failed = given(...RUNNING, [fail()])
    expect(failed.task).toMatchObject({ status: 'waiting', waiting: { for: 'backoff' }, lease: null })
    failed.when({ type: 'tick', leaseUntil: null }, { now: 10 ** 12 }).gives('task-readied')
    failed.when(claim('alice')).rejects('waits')
  })

  it('can be retried at once by a person, who also renews the retries', () => {
    const task = given(...RUNNING, [fail()])
      .when({ type: 'retry-task' })
      .gives('retries-renewed', 'task-readied')
    expect(task).toMatchObject({ status: 'ready', retriesFrom: 2 })
  })

  it('asks a person when the attempts are used up', () => {
    const again = [[{ type: 'tick', leaseUntil: null }, { now: 10 ** 12 }], [claim('alice')]] as const
    const task = given(...CLAIMED, [fail()], ...again, [fail()], ...again)
      .when(fail())
      .gives('attempt-failed', 'human-needed')
    expect(task.asks).toContain('test_fail')
  })

  it('asks a person at once for classes that no retry helps', () => {
    for (const [name, row] of Object.entries(FAILURES)) {
      if (name === 'lease_expired' || name === 'canceled') continue
      const failure = { class: name as keyof typeof FAILURES, message: 'm' }
      const { after } = given(...RUNNING).when(fail({ failure }))
      const expected = row.retry.allowed && !('changed' in row.retry) ? 'waiting' : 'needs_human'
      expect([name, after?.status]).toEqual([name, expected])
    }
  })

  it('is not for saying when only time or a person can bring it about', () => {
    for (const name of ['lease_expired', 'canceled'] as const) {
      given(...RUNNING)
        .when(fail({ failure: { class: name, message: 'm' } }))
        .rejects('invalid-argument')
    }
  })

  it('waits as long as the limit said', () => {
    const failure = { class: 'rate_limit', message: 'slow down' } as const
    const { after } = given(...RUNNING).when(report({ passed: false, failure, retryAfterMs: 7_200_000 }))
    expect(after?.waiting).toEqual({ for: 'backoff', until: 1_000_000 + 7_200_000 })
  })
})

describe('a report', () => {
  it('ends the live attempt and keeps its figures', () => {
    const task = given(...CLAIMED)
      .when(report())
      .gives('attempt-measured', 'attempt-head-moved', 'attempt-started', 'attempt-succeeded')
    expect(task).toMatchObject({
      status: 'review',
      attempts: [
        {
          status: 'succeeded',
          costMicroUsd: 42_000,
          tokens: { total: 1200 },
          trust: 'ci',
          branch: 'muster/DEV-12-sum-is-wrong',
          headSha: 'a'.repeat(40),
        },
      ],
    })
  })

  it('that comes late keeps its cost and changes nothing else', () => {
    const late = given(...RUNNING, [{ type: 'tick', leaseUntil: 0 }], [claim('bob')])
    const task = late.when(report()).gives('attempt-measured')
    expect(task).toMatchObject({
      status: 'claimed',
      attempts: [
        { status: 'expired', costMicroUsd: 42_000 },
        { status: 'leased', costMicroUsd: null },
      ],
    })
  })

  it('from CI overrules the agent’s own word while the task is in review', () => {
    const said = given(...RUNNING, [{ type: 'succeed-attempt', fence: null, costMicroUsd: null, tokens: null }])
    const failure = { class: 'test_fail', message: '1 of 9 tests failed' } as const
    said
      .when(report({ passed: false, failure }))
      .gives('attempt-measured', 'attempt-head-moved', 'evidence-recorded', 'attempt-failed', 'task-held')
    said.when(report({ passed: false, failure, measures: { ...MEASURES, trust: 'self' } })).gives('attempt-measured')
  })

  it('leaves evidence per job: another job’s pass does not take the place of a failure', () => {
    const tests = { total: 9, failed: 0, skipped: 0, failures: [] }
    const measures = { ...MEASURES, tests }
    const failure = { class: 'test_fail', message: '1 of 9 tests failed' } as const
    const lint = { source: 'ci.yml / lint', passed: false, failure } as const
    const evidenceAfter = (...reports: readonly TaskCommand[]) =>
      given(...RUNNING, ...reports.slice(0, -1).map((one) => [one] as const))
        .when(reports.at(-1) ?? report())
        .after?.evidence.map(({ command, passed, exitCode }) => ({ command, passed, exitCode }))
    const red = { command: 'tests (ci.yml / lint)', passed: false, exitCode: 1 }
    const green = { command: 'tests (ci.yml / unit)', passed: true, exitCode: 0 }
    expect(
      evidenceAfter(
        report({ ...lint, measures: { ...measures, tests: { ...tests, failed: 1 } } }),
        report({ measures }),
      ),
    ).toEqual([red, green])
    // A job that broke around its tests, or before it had any, has failed as well.
    expect(evidenceAfter(report({ ...lint, measures }))).toEqual([red])
    expect(evidenceAfter(report(lint))).toEqual([red])
    expect(evidenceAfter(report({ ...lint, measures: { ...MEASURES, trust: 'self' } }))).toEqual([])
  })

  it('on an attempt that never was is refused', () => {
    given(...READY)
      .when(report())
      .rejects('no-such-attempt')
  })
})

describe('a merge', () => {
  it('completes the task from any open status and ends the attempt well', () => {
    const pullRequest = { number: 40, branch: 'muster/DEV-12-sum', headSha: 'b'.repeat(40), state: 'merged' } as const
    const task = given(...RUNNING)
      .when({ type: 'observe-pull-request', pullRequest })
      .gives('pull-request-linked', 'attempt-succeeded', 'task-completed')
    expect(task).toMatchObject({ status: 'done', lease: null, attempts: [{ status: 'succeeded' }] })
  })
})

describe('a push', () => {
  const push = (headSha: string): TaskCommand => ({ type: 'observe-head', branch: 'x', headSha, attempt: null })

  it('of an earlier attempt that is delivered again gives the next one no commit', () => {
    const again = given(...RUNNING, [push('a'.repeat(40))], [fail()], [{ type: 'retry-task' }], [claim('alice')])
    again.when(push('a'.repeat(40))).gives()
    const task = again.when(push('b'.repeat(40))).gives('attempt-head-moved')
    expect(task.attempts).toMatchObject([{ headSha: 'a'.repeat(40) }, { headSha: 'b'.repeat(40) }])
  })

  it('is known by who made it, whichever of push and pull request is heard of first', () => {
    const pushed = (by: string): TaskCommand => ({ ...push('a'.repeat(40)), by }) as TaskCommand
    const first = given(...RUNNING, [pushed('bob')], [push('a'.repeat(40))]).task
    const last = given(...RUNNING, [push('a'.repeat(40))], [pushed('bob')]).task
    expect(last?.attempts).toEqual(first?.attempts)
    expect(last?.attempts).toMatchObject([{ pushedBy: ['bob'] }])
    given(...RUNNING, [pushed('bob')])
      .when(pushed('bob'))
      .gives()
    const two = given(...RUNNING, [pushed('bob')], [pushed('alice')]).task
    expect(two?.attempts).toEqual(given(...RUNNING, [pushed('alice')], [pushed('bob')]).task?.attempts)
  })
})

/** The demo's own check of its end: a good end has no problem, and each thing that can be wrong is found. */
import { describe, expect, test } from 'vitest'

import { judge, requestTable } from '../../demo/story/judge.ts'
import type { CheckOutcome, Outcome, Scene } from '../../demo/story/outcome.ts'

const check = (name: string, sha: string, conclusion: string | null, annotations = 0): CheckOutcome => ({
  id: 1,
  name,
  sha,
  status: conclusion === null ? 'in_progress' : 'completed',
  conclusion,
  annotations,
  url: 'http://127.0.0.1/checks/1',
})

const CHECKS = [
  check('muster / DEV-1 #1', 'a', 'failure', 2),
  check('muster / DEV-1 #2', 'b', 'success'),
  check('muster', 'b', 'success'),
]
const FIGURES = { cost_usd: 0.01, tokens: 1000 }
const FAILED = { n: 1, status: 'failed', failure: 'test_fail', conclusion: 'failure', ...FIGURES }
const SUCCEEDED = { n: 2, status: 'succeeded', failure: null, conclusion: 'success', ...FIGURES }
const GOOD: Outcome = {
  task: { key: 'DEV-1', status: 'done', attempts: [FAILED, SUCCEEDED] },
  labels: ['agent/claude', 'priority/p2', 'status/done'],
  check_runs: CHECKS,
  requests: { total: 40, app: 39, action: 1, by_route: { 'POST /graphql': 40 } },
}
const PULL = { number: 2, merged: true, headSha: 'b', url: 'http://127.0.0.1/pull/2' }

const scene = (change: Partial<Outcome>, rest: Partial<Scene> = {}): Scene => ({
  outcome: { ...GOOD, ...change },
  records: 1,
  pull: PULL,
  ...rest,
})
const task = (change: Partial<Outcome['task']>) => scene({ task: { ...GOOD.task, ...change } })

test('a good end has no problem', () => {
  expect(judge(scene({}))).toEqual([])
})

describe('one thing wrong is one problem', () => {
  test.each<readonly [string, Scene, RegExp]>([
    ['status', task({ status: 'review' }), /status is "review"/],
    ['one attempt', task({ attempts: [SUCCEEDED] }), /attempts are "succeeded"/],
    ['another class', task({ attempts: [{ ...FAILED, failure: 'unknown' }, SUCCEEDED] }), /failed \(unknown\)/],
    ['no cost', task({ attempts: [FAILED, { ...SUCCEEDED, cost_usd: null }] }), /Attempt 2 has no cost/],
    [
      'neutral',
      task({ attempts: [{ ...FAILED, conclusion: 'neutral' }, SUCCEEDED] }),
      /1's check run concluded "neutral"/,
    ],
    ['two status labels', scene({ labels: ['status/done', 'status/review'] }), /status\/done, status\/review/],
    ['two records', scene({}, { records: 2 }), /2 record comments/],
    ['no record', scene({}, { records: 0 }), /0 record comments/],
    [
      'no annotation',
      scene({ check_runs: [check('muster / DEV-1 #1', 'a', 'failure'), ...CHECKS.slice(1)] }),
      /no annotation/,
    ],
    ['two checks', scene({ check_runs: [...CHECKS, check('muster / DEV-1 #2', 'b', null)] }), /2 has 2 check runs/],
    [
      'constant on another commit',
      scene({ check_runs: [...CHECKS.slice(0, 2), check('muster', 'a', 'success')] }),
      /"muster"/,
    ],
    ['not merged', scene({}, { pull: { ...PULL, merged: false } }), /#2 is not merged/],
    ['too many requests', scene({ requests: { ...GOOD.requests, total: 41 } }), /41 GitHub requests/],
  ])('%s', (_, wrong, problem) => {
    const problems = judge(wrong)
    expect(
      problems.some((text) => problem.test(text)),
      problems.join('\n'),
    ).toBe(true)
  })

  test('no pull request', () => {
    expect(judge(scene({}, { pull: null })).join('\n')).toContain('There is no pull request')
  })
})

test('the table of requests begins with the most frequent', () => {
  expect(requestTable({ 'GET /a': 2, 'POST /b': 11 })).toEqual(['  11  POST /b', '   2  GET /a'])
})

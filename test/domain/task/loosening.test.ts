/** What agents may declare of a task: nothing that gives them what people have kept from them. */
import { describe, expect, it } from 'vitest'
import type { Condition, Policy, Rule } from '../../../app/domain/policy/rule.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { DetailChanges } from '../../../app/domain/task/details.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { budgeted, NONE, usd } from '../budget/money.ts'
import { AGENT, claim, given, READY } from '../given.ts'

const tagged = (...like: string[]): Condition => ({ kind: 'is', what: 'tag', like })
const rule = (effect: Rule['effect'], when: Condition, gate: string | null = null): Rule => ({
  id: effect,
  effect,
  gate,
  reason: null,
  when,
})
const under = (policy: Policy, over: Partial<Settings> = {}) => ({
  actor: AGENT,
  settings: { ...DEFAULT_SETTINGS, ...over, policy },
})
const update = (changes: DetailChanges): TaskCommand => ({ type: 'update-task', changes })
const with_ = (changes: DetailChanges) => given(...READY, [update(changes)])

describe('an agent', () => {
  it.each([
    ['takes away the tag that denies it', 'allow', [rule('deny', tagged('infra'))], ['infra'], []],
    [
      'takes away the tag that waits for a gate',
      'allow',
      [rule('require-gate', tagged('infra'), 'look')],
      ['infra'],
      [],
    ],
    ['adds the tag that allows it', 'deny', [rule('allow', tagged('docs'))], [], ['docs']],
  ] as const)('never %s', (_what, otherwise, rules, before, after) => {
    const policy: Policy = { otherwise, rules }
    const task = with_({ tags: before })
    task.when(update({ tags: after }), under(policy)).rejects('policy-loosened')
    task.when(update({ tags: [...before, 'small'] }), under(policy)).gives('task-updated')
    task.when(update({ tags: after }), { ...under(policy), actor: { kind: 'user', id: 'alice' } }).gives('task-updated')
  })

  it('does so for no other agent, nor by the priority', () => {
    const isUrgent: Condition = { kind: 'is', what: 'priority', like: ['p0'] }
    const onlyA2: Condition = { kind: 'all', of: [isUrgent, { kind: 'is', what: 'agent', like: ['a2'] }] }
    const policy: Policy = { otherwise: 'deny', rules: [rule('allow', onlyA2)] }
    const agents = [{ id: 'a2', capabilities: [] }]
    const task = given(...READY)
    task.when({ type: 'set-priority', priority: 'p0' }, under(policy, { agents })).rejects('policy-loosened')
    task.when({ type: 'set-priority', priority: 'p1' }, under(policy, { agents })).gives('priority-set')
  })

  it('does not wait for the hour at which the rule does not hold', () => {
    const night: Condition = { kind: 'time', days: ['wed'], from: 22 * 60, to: 6 * 60 }
    const policy: Policy = {
      otherwise: 'allow',
      rules: [rule('deny', { kind: 'all', of: [tagged('infra'), night] })],
    }
    with_({ tags: ['infra'] })
      .when(update({ tags: [] }), { ...under(policy), now: Date.UTC(2026, 10, 27, 12) })
      .rejects('policy-loosened')
  })

  it('that lacks what a task needs does not say that it needs less', () => {
    const task = with_({ requires: ['gpu'] })
    task.when(update({ requires: [] }), { actor: AGENT }).rejects('lacks-capabilities')
    task.when(update({ requires: ['gpu', 'arm'] }), { actor: AGENT }).gives('task-updated')
    const agents = [{ id: 'a1', capabilities: ['gpu'] }]
    task
      .when(update({ requires: [] }), { actor: AGENT, settings: { ...DEFAULT_SETTINGS, agents } })
      .gives('task-updated')
  })

  it('lowers what a task may cost, and never raises it or takes the limit away', () => {
    const own = with_({ budget: usd(5) })
    own.when(update({ budget: usd(6) }), { actor: AGENT }).rejects('people-only')
    own.when(update({ budget: null }), { actor: AGENT }).rejects('people-only')
    own.when(update({ budget: { microUsd: null, tokens: 5 } }), { actor: AGENT }).rejects('people-only')
    own.when(update({ budget: usd(4) }), { actor: AGENT }).gives('task-updated')
    own.when(update({ budget: usd(6) })).gives('task-updated')
    const settings = budgeted({ task: usd(3) })
    given(...READY)
      .when(update({ budget: usd(4) }), { actor: AGENT, settings })
      .rejects('people-only')
    given(...READY)
      .when(update({ budget: usd(3) }), { actor: AGENT, settings })
      .gives('task-updated')
    given(...READY)
      .when(update({ budget: usd(3) }), { actor: AGENT, settings: budgeted({ task: NONE }) })
      .gives('task-updated')
  })
})

it('who works on a task may say what it likes of the work', () => {
  const policy: Policy = { otherwise: 'allow', rules: [rule('deny', tagged('infra'))] }
  const held = given(...READY, [claim('a1'), { actor: AGENT }])
  expect(held.when(update({ tags: ['infra'] }), under(policy)).decision.ok).toBe(true)
})

import { expect, it } from 'vitest'
import { evaluate } from '../../app/domain/policy/evaluate.ts'
import { factsOf } from '../../app/domain/policy/facts.ts'
import type { Condition, Policy } from '../../app/domain/policy/rule.ts'
import { createPolicyCache } from '../../app/engine/policy-cache.ts'
import { sha256 } from '../domain/given.ts'

const policy = (when: Condition): Policy => ({
  otherwise: 'allow',
  rules: [{ id: 'r', effect: 'deny', gate: null, reason: null, when }],
})
const CLAUDE = policy({ kind: 'is', what: 'agent', like: ['claude'] })
const NIGHT = policy({ kind: 'time', days: [], from: 0, to: 60 })

const given = () => {
  let count = 0
  const cache = createPolicyCache(sha256, (...asked) => {
    count += 1
    return evaluate(...asked)
  })
  const ask = (resource: string, wanted: Policy, agent = 'claude', at = 0) =>
    cache(resource)(wanted, factsOf({ verb: 'claim', agent }, null, [], at)).outcome
  return { ask, counted: () => count }
}

it('evaluates once for the same agent, resource and configuration, and anew for any other', () => {
  const { ask, counted } = given()
  expect([ask('task/7/1@3', CLAUDE), ask('task/7/1@3', CLAUDE, 'claude', 9)]).toEqual(['deny', 'deny'])
  expect(counted()).toBe(1)
  expect(ask('task/7/1@3', CLAUDE, 'codex')).toBe('allow')
  expect(ask('task/7/1@4', CLAUDE)).toBe('deny')
  expect(ask('task/7/1@3', { ...CLAUDE, rules: [] })).toBe('allow')
  expect(counted()).toBe(4)
})

it('never remembers what time alone may change', () => {
  const { ask } = given()
  expect([ask('task/7/1@3', NIGHT, 'claude', 0), ask('task/7/1@3', NIGHT, 'claude', 7_200_000)]).toEqual([
    'deny',
    'allow',
  ])
})

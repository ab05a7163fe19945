import { describe, expect, it } from 'vitest'
import { FAILURE_CODES, isFailureCode, policyOf, type FailureCode } from '../../../app/domain/failure/codes.ts'
import { FAILURES, FAILURE_CLASSES, isFailureClass } from '../../../app/domain/failure/taxonomy.ts'

describe('failure table', () => {
  it('has the fourteen frozen names, the five that users name first', () => {
    expect(FAILURE_CLASSES).toEqual([
      'test_fail',
      'tool_error',
      'context_limit',
      'rate_limit',
      'permission_error',
      'timeout',
      'lease_expired',
      'budget_exceeded',
      'invalid_output',
      'dependency_failed',
      'verification_gap',
      'environment_error',
      'canceled',
      'unknown',
    ])
    expect(isFailureClass('toString')).toBe(false)
    expect(isFailureCode('constructor')).toBe(false)
  })

  it('never retries by itself what only a person can change', () => {
    for (const name of FAILURE_CLASSES) {
      const { actor, retry } = FAILURES[name]
      if (actor === 'person' && name !== 'unknown') expect(retry.allowed, name).toBe(false)
      if (actor === 'platform') expect(retry.allowed, name).toBe(true)
    }
  })

  it('names a next step for every class and code', () => {
    for (const name of FAILURE_CLASSES) expect(policyOf({ class: name }).recovery).toMatch(/^[a-z].+[^.]$/)
    for (const code of Object.keys(FAILURE_CODES) as FailureCode[])
      expect(policyOf({ class: FAILURE_CODES[code].class, code }).recovery, code).toMatch(/^[a-z].+[^.]$/)
  })

  it('lets a code change the recovery of its own class only', () => {
    expect(policyOf({ class: 'rate_limit', code: 'request_too_large' })).toMatchObject({
      retry: { changed: true },
      actor: 'planner',
      conclusion: 'neutral',
    })
    expect(policyOf({ class: 'rate_limit', code: 'quota' }).retry).toEqual({ allowed: true, afterReset: true })
    expect(policyOf({ class: 'test_fail', code: 'quota' })).toEqual(FAILURES.test_fail)
  })
})

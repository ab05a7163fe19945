import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Evidence, Task } from '../../../../app/domain/task/state.ts'
import { constantCheck } from '../../../../app/outbound/github/checks/constant-check.ts'
import { arbitraryTask } from '../replica/arbitrary-task.ts'
import { AT, HEAD_SHA, aTask } from '../task-fixture.ts'

const pull = { number: 34, branch: 'muster/DEV-12-x', headSha: HEAD_SHA, state: 'open' as const }
const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  command: 'tests',
  exitCode: 0,
  passed: true,
  attempt: 1,
  headSha: HEAD_SHA,
  trust: 'ci',
  by: '900',
  at: AT,
  ...change,
})
const verdict = (items: readonly Evidence[], change: Partial<Task> = {}, on = pull) =>
  constantCheck(aTask({ status: 'review', evidence: items, ...change }), { ...pull, ...on }).progress

const SUCCESS = { status: 'completed', conclusion: 'success' }
const ACTION = { status: 'completed', conclusion: 'action_required' }

describe('the check named muster', () => {
  it('waits without evidence, and with evidence of the agent itself or of another commit', () => {
    expect(verdict([])).toEqual({ status: 'in_progress' })
    expect(verdict([evidence({ trust: 'self' })])).toEqual({ status: 'in_progress' })
    expect(verdict([evidence({ headSha: 'c'.repeat(40) })])).toEqual({ status: 'in_progress' })
  })

  it('is a success on CI’s word for this very commit', () => {
    expect(verdict([evidence()])).toMatchObject(SUCCESS)
    expect(verdict([evidence({ trust: 'platform' })])).toMatchObject(SUCCESS)
  })

  it('counts the newest word on each command, and no agent’s word against CI’s', () => {
    const red = { passed: false, exitCode: 1 }
    expect(verdict([evidence(red), evidence()])).toMatchObject(SUCCESS)
    expect(verdict([evidence(), evidence(red)])).toMatchObject(ACTION)
    expect(verdict([evidence(), evidence({ ...red, command: 'lint' })])).toMatchObject(ACTION)
    expect(verdict([evidence(), evidence({ ...red, trust: 'self' })])).toMatchObject(SUCCESS)
    expect(verdict([evidence(red), evidence({ trust: 'self' })])).toMatchObject(ACTION)
  })

  it('stays red for a job that failed, though another one of the same commit passes after it', () => {
    const failed = evidence({ command: 'tests (ci.yml / unit)', passed: false, exitCode: 1 })
    const other = evidence({ command: 'tests (ci.yml / unit / node-24)', at: AT + 1 })
    expect(verdict([failed, other])).toMatchObject(ACTION)
    expect(verdict([failed, other, { ...failed, passed: true, exitCode: 0 }])).toMatchObject(SUCCESS)
  })

  it('asks for a person when one is needed, whatever CI says', () => {
    expect(verdict([evidence()], { status: 'blocked' })).toMatchObject(ACTION)
    expect(verdict([evidence()], { status: 'needs_human' })).toMatchObject(ACTION)
  })

  it('passes no commit that a gate holds back, and says who opens it', () => {
    const gate = {
      name: 'deploy',
      needs: { approvals: 2, role: 'maintain' as const },
      verb: 'merge' as const,
      attempt: 1,
      headSha: HEAD_SHA,
      state: 'open' as const,
      reason: null,
      approvals: [{ by: 'bob', role: 'maintain' as const, at: AT }],
      at: AT,
    }
    const approved = {
      ...gate,
      state: 'approved' as const,
      approvals: [...gate.approvals, { ...gate.approvals[0]!, by: 'eve' }],
    }
    const check = (change: Partial<Task>) =>
      constantCheck(aTask({ status: 'review', evidence: [evidence()], ...change }), pull)
    expect(check({ gates: [gate] })).toMatchObject({ progress: ACTION, title: 'The gate deploy is not open' })
    expect(check({ gates: [gate] }).summary).toContain('waits, 1 of 2 with the maintain role, approved by bob')
    expect(check({ gates: [gate] }).summary).toContain('`/muster approve-gate deploy aaaaaaaaaaaa`')
    expect(check({ gates: [approved] }).progress).toMatchObject(SUCCESS)
    // Of another commit, fallen, or said to be approved by fewer than it needs.
    expect(check({ gates: [{ ...approved, headSha: 'c'.repeat(40) }] }).progress).toMatchObject(ACTION)
    expect(check({ gates: [{ ...approved, state: 'fell' }] }).progress).toMatchObject(ACTION)
    expect(check({ gates: [{ ...approved, approvals: gate.approvals }] }).progress).toMatchObject(ACTION)
    // What an agent asked for beside the work, or before it, holds back no merge.
    expect(check({ gates: [{ ...gate, verb: null }] }).progress).toMatchObject(SUCCESS)
    expect(check({ gates: [{ ...gate, verb: 'claim' }] }).progress).toMatchObject(SUCCESS)
  })

  it('passes nothing that the policy forbids to merge', () => {
    const denied = { verb: 'merge' as const, agent: 'claude', outcome: 'deny' as const, rules: ['r'], at: AT }
    expect(verdict([evidence()], { verdicts: [denied] })).toMatchObject(ACTION)
    expect(verdict([evidence()], { verdicts: [{ ...denied, outcome: 'allow' }] })).toMatchObject(SUCCESS)
    expect(verdict([evidence()], { verdicts: [{ ...denied, verb: 'claim' }] })).toMatchObject(SUCCESS)
  })

  it('keeps the success of a merged one, and never passes a closed one without', () => {
    expect(verdict([evidence()], {}, { ...pull, state: 'merged' as never })).toMatchObject(SUCCESS)
    expect(verdict([], {}, { ...pull, state: 'closed' as never })).toMatchObject(ACTION)
  })

  it('says what to do wherever a person has to, and links the issue', () => {
    fc.assert(
      fc.property(arbitraryTask, (task) => {
        for (const one of task.pullRequests.filter(({ state }) => state === 'open')) {
          const { progress, summary } = constantCheck(task, one)
          expect(summary).toContain(`(#${task.number})`)
          if (progress.status === 'completed' && progress.conclusion === 'success') continue
          expect(summary).toMatch(/\n\nNext: .*\.$/)
        }
      }),
    )
    expect(constantCheck(aTask({ evidence: [evidence({ passed: false, exitCode: 1 })] }), pull).summary).toContain(
      'Next: push a commit that passes, or comment `/muster retry` on #12 for another attempt.',
    )
  })

  it('is never neutral, and a success only for believed evidence on its commit', () => {
    fc.assert(
      fc.property(arbitraryTask, (task) => {
        for (const one of task.pullRequests) {
          const { progress, headSha } = constantCheck(task, one)
          expect(headSha).toBe(one.headSha)
          if (progress.status !== 'completed') continue
          expect(['success', 'action_required']).toContain(progress.conclusion)
          const believed = task.evidence.filter((item) => item.trust !== 'self' && item.headSha === one.headSha)
          if (progress.conclusion === 'success') expect(believed.some(({ passed }) => passed)).toBe(true)
        }
      }),
    )
  })
})

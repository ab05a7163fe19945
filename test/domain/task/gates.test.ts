/** Policy and gates on a task: what agents are refused, what people open, and that an approval is worth nothing on other work. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../app/domain/actor.ts'
import { bindingFor, gateNamed, gatesOf, missingOn, stands } from '../../../app/domain/policy/gate.ts'
import type { Condition, Rule } from '../../../app/domain/policy/rule.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { DecideContext } from '../../../app/domain/task/decide/context.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { taskStateSchema } from '../../../schemas/task-state.ts'
import { AGENT, ALICE, BOB, claim, context, fail, played, READY, replay, store } from '../given.ts'

const rule = (effect: Rule['effect'], verb: string, over: Partial<Rule> = {}): Rule => ({
  id: `${effect}-${verb}`,
  effect,
  gate: effect === 'require-gate' ? 'deploy' : null,
  reason: 'two pairs of eyes',
  when: { kind: 'is', what: 'verb', like: [verb] } satisfies Condition,
  ...over,
})
const settings = (...rules: Rule[]): Settings => ({
  ...DEFAULT_SETTINGS,
  gates: { deploy: { approvals: 2, role: 'maintain' } },
  policy: { otherwise: 'allow', rules },
})

const HEAD = 'a'.repeat(40)
const NEXT = 'b'.repeat(40)
const CAROL = { kind: 'user', id: 'carol' } as const
const FENCE = { epoch: 1, n: 1 }
const SUCCEED: TaskCommand = { type: 'succeed-attempt', fence: FENCE, costMicroUsd: null, tokens: null }
const head = (headSha: string, by?: string): TaskCommand => ({
  type: 'observe-head',
  branch: 'muster/DEV-12-x',
  headSha,
  attempt: null,
  ...(by === undefined ? {} : { by }),
})
const pull = (headSha: string, state: 'open' | 'closed' = 'open'): TaskCommand => ({
  type: 'observe-pull-request',
  pullRequest: { number: 5, branch: 'muster/DEV-12-x', headSha, state },
})
const approve = (role: Role = 'maintain', sha: string | null = null): TaskCommand => ({
  type: 'approve-gate',
  gate: 'deploy',
  role,
  sha,
})
/** What an agent's run says of its own work. */
const SUCCEEDED: TaskCommand = {
  type: 'report-attempt',
  attempt: 1,
  source: 'agent.yml / agent',
  passed: true,
  failure: null,
  headSha: null,
  measures: {
    trust: 'self',
    durationMs: 5,
    tokens: null,
    costMicroUsd: 7,
    model: null,
    tests: null,
    run: null,
    logTail: null,
  },
  artifacts: [],
  retryAfterMs: null,
}
const APP = { kind: 'app', id: 'muster' } as const

/** A task that can be spoken to, one command after the other; refusals that are put on record are. */
const life = (rules: Rule[], begin: readonly TaskEvent[] = played(...READY)) => {
  let log = begin
  const say = (command: TaskCommand, over: Partial<DecideContext> = {}) => {
    const at = context({ settings: settings(...rules), ...over })
    const decision = decideTask(replay(log), command, at)
    log = [...log, ...store(decision.events ?? [], at, log)]
    return decision.ok ? decision.events.map(({ type }) => type as string) : decision.rejection
  }
  const now = () => {
    const task = replay(log)
    if (task === null) throw new Error('no task')
    return task
  }
  return { say, now, gate: () => gateNamed(now(), 'deploy') }
}

const claimed = (rules: Rule[]) => {
  const at = life(rules)
  at.say(claim('a1'), { actor: AGENT })
  at.say(head(HEAD, 'pusher'), { actor: APP })
  return at
}

describe('policy', () => {
  it('refuses a claim with the rule and its reason, once on record however often it is asked', () => {
    const { say, now } = life([rule('deny', 'claim')])
    const refused = { code: 'policy-denied', verb: 'claim', rule: 'deny-claim', reason: 'two pairs of eyes' }
    expect(say(claim('a1'), { actor: AGENT })).toMatchObject(refused)
    expect(say(claim('a1'), { actor: AGENT })).toMatchObject(refused)
    expect(now().verdicts).toMatchObject([{ verb: 'claim', agent: 'a1', outcome: 'deny', rules: ['deny-claim'] }])
    expect(now().status).toBe('ready')
  })

  it('asks people nothing, and leaves other refusals as they are', () => {
    const { say } = life([rule('deny', 'claim')])
    expect(say(claim('alice'))).toEqual(['lease-granted'])
    expect(say(claim('a1'), { actor: AGENT })).toMatchObject({ code: 'already-claimed' })
  })

  it('puts plain permission on record only after a refusal', () => {
    const denied = life([rule('deny', 'claim')])
    denied.say(claim('a1'), { actor: AGENT })
    const open = settings(rule('allow', 'claim'))
    expect(denied.say(claim('a1'), { actor: AGENT, settings: open })).toEqual(['lease-granted', 'policy-evaluated'])
    expect(life([rule('allow', 'claim')]).say(claim('a1'), { actor: AGENT })).toEqual(['lease-granted'])
  })

  it('a run’s word for an agent’s success counts as little as the agent’s own', () => {
    const { say, now } = claimed([rule('deny', 'succeed')])
    expect(say(SUCCEEDED, { actor: { kind: 'ci', id: '9' } })).toEqual(['attempt-measured', 'policy-evaluated'])
    expect(now().attempts[0]).toMatchObject({ status: 'leased', costMicroUsd: 7 })
  })
})

describe('a gate', () => {
  const GATED = [rule('require-gate', 'succeed')]

  it('opens with the refusal, waits for enough people, and then lets the same words pass', () => {
    const { say, now, gate } = claimed(GATED)
    expect(say(SUCCEED, { actor: AGENT })).toMatchObject({ code: 'gate-open', gate: 'deploy', approvals: 2 })
    expect(gate()).toMatchObject({ state: 'open', attempt: 1, headSha: HEAD, verb: 'succeed' })
    expect(say(approve(), { actor: BOB })).toEqual(['gate-approved'])
    expect(say(approve(), { actor: { kind: 'user', id: 'BOB' } })).toEqual([])
    expect(say(SUCCEED, { actor: AGENT })).toMatchObject({ code: 'gate-open' })
    expect(say(approve(), { actor: CAROL })).toEqual(['gate-approved', 'gate-closed'])
    expect(say(SUCCEED, { actor: AGENT })).toEqual(['attempt-succeeded'])
    expect(now().status).toBe('review')
    expect(missingOn(now(), HEAD)).toEqual([])
    expect(missingOn(now(), NEXT)).toHaveLength(1)
  })

  it('is for people with the role who have not worked on it', () => {
    const { say } = claimed(GATED)
    say(SUCCEED, { actor: AGENT })
    expect(say(approve('write'), { actor: BOB })).toMatchObject({ code: 'role-too-low', needed: 'maintain' })
    expect(say(approve('admin'), { actor: AGENT })).toMatchObject({ code: 'people-only' })
    expect(say(approve('admin'), { actor: { kind: 'bot', id: 'x[bot]' } })).toMatchObject({ code: 'people-only' })
    expect(say(approve('admin'), { actor: { kind: 'user', id: 'Pusher' } })).toMatchObject({ code: 'own-approval' })
    expect(say({ ...approve(), gate: 'other' } as TaskCommand, { actor: BOB })).toMatchObject({ code: 'unknown-gate' })
  })

  it('is not for who claimed it in an agent’s name, also when the lease is over', () => {
    const { say } = life([])
    say(claim('a1'), { actor: ALICE })
    say({ ...SUCCEED }, { actor: AGENT })
    expect(say(approve('admin'))).toMatchObject({ code: 'own-approval' })
    expect(say(approve(), { actor: BOB })).toEqual(['gate-opened', 'gate-approved'])
  })

  it('falls when the head moves, and the commit must be named from then on', () => {
    const { say, gate } = claimed(GATED)
    say(SUCCEED, { actor: AGENT })
    say(approve(), { actor: BOB })
    say(approve(), { actor: CAROL })
    expect(say(head(NEXT), { actor: APP })).toEqual(['attempt-head-moved', 'gate-closed'])
    expect(gate()).toMatchObject({ state: 'fell', reason: `the work moved on to ${NEXT.slice(0, 12)}` })
    expect(say(SUCCEED, { actor: AGENT })).toMatchObject({ code: 'gate-open' })
    expect(gate()).toMatchObject({ state: 'open', headSha: NEXT, approvals: [] })
  })

  it('that fell is approved only for a commit that was named', () => {
    const { say } = claimed(GATED)
    say(SUCCEED, { actor: AGENT })
    say(head(NEXT), { actor: APP })
    expect(say(approve(), { actor: BOB })).toMatchObject({ code: 'other-head', given: null, headSha: NEXT })
    expect(say(approve('maintain', HEAD), { actor: BOB })).toMatchObject({ code: 'other-head', given: HEAD })
    expect(say(approve('maintain', NEXT.slice(0, 7)), { actor: BOB })).toEqual(['gate-opened', 'gate-approved'])
  })

  it('that was opened again for another commit is approved only for a commit that was named', () => {
    const asked = claimed(GATED)
    asked.say(SUCCEED, { actor: AGENT })
    asked.say(head(NEXT), { actor: APP })
    expect(asked.say(SUCCEED, { actor: AGENT })).toMatchObject({ code: 'gate-open', headSha: NEXT })
    const pulled = claimed([rule('require-gate', 'merge')])
    pulled.say(pull(HEAD), { actor: APP })
    pulled.say(pull(NEXT), { actor: APP })
    for (const { say, gate } of [asked, pulled]) {
      expect(gate()).toMatchObject({ state: 'open', headSha: NEXT, moved: true })
      expect(say(approve(), { actor: BOB })).toMatchObject({ code: 'other-head', given: null, headSha: NEXT })
      expect(say(approve('maintain', NEXT.slice(0, 7)), { actor: BOB })).toEqual(['gate-approved'])
      expect(say(approve(), { actor: CAROL })).toMatchObject({ code: 'other-head', given: null })
      expect(say(approve('maintain', NEXT), { actor: CAROL })).toEqual(['gate-approved', 'gate-closed'])
    }
  })

  it('stays with its approvals while a denial stands before it', () => {
    const { say, gate } = life([rule('require-gate', 'claim')])
    say(claim('a1'), { actor: AGENT })
    say(approve(), { actor: BOB })
    const closed = settings(rule('require-gate', 'claim'), rule('deny', 'claim'))
    expect(say(claim('a1'), { actor: AGENT, settings: closed })).toMatchObject({ code: 'policy-denied' })
    expect(gate()).toMatchObject({ state: 'open', approvals: [{ by: 'bob' }] })
    expect(say(approve(), { actor: CAROL })).toEqual(['gate-approved', 'gate-closed'])
    expect(say(claim('a1'), { actor: AGENT })).toEqual(['lease-granted', 'policy-evaluated'])
  })

  it('does not fall with a success that the policy does not count', () => {
    const { say, gate } = life([rule('deny', 'succeed')])
    say(claim('a1'), { actor: AGENT })
    say({ type: 'open-gate', gate: 'deploy', fence: FENCE }, { actor: AGENT })
    expect(say(SUCCEEDED, { actor: { kind: 'ci', id: '9' } })).toEqual(['attempt-measured', 'policy-evaluated'])
    expect(gate()).toMatchObject({ state: 'open' })
  })

  it('falls when the attempt ends without success, and when another one begins', () => {
    const failed = claimed(GATED)
    failed.say(SUCCEED, { actor: AGENT })
    failed.say(fail({ fence: FENCE }), { actor: AGENT })
    expect(failed.gate()?.state).toBe('fell')
  })

  it('before a claim is for the attempt that would begin, and stands for that one only', () => {
    const { say, gate, now } = life([rule('require-gate', 'claim')])
    expect(say(claim('a1'), { actor: AGENT })).toMatchObject({ code: 'gate-open' })
    expect(gate()).toMatchObject({ attempt: 1, headSha: null, verb: 'claim' })
    say(approve(), { actor: BOB })
    say(approve(), { actor: CAROL })
    expect(say(claim('a1'), { actor: AGENT })).toEqual(['lease-granted'])
    say(head(HEAD), { actor: APP })
    expect(gate()?.state).toBe('approved')
    say({ type: 'release-task', fence: FENCE, reason: 'r' }, { actor: AGENT })
    expect(gate()?.state).toBe('fell')
    expect(say(claim('a1'), { actor: AGENT })).toMatchObject({ code: 'gate-open' })
    expect(missingOn(now(), HEAD)).toEqual([])
  })

  it('before a merge opens with the pull request, and again for every commit of it', () => {
    const { say, gate, now } = claimed([rule('require-gate', 'merge')])
    expect(say(pull(HEAD), { actor: APP })).toEqual(['pull-request-linked', 'policy-evaluated', 'gate-opened'])
    say(approve(), { actor: BOB })
    say(approve('admin', HEAD), { actor: CAROL })
    expect(missingOn(now(), HEAD)).toEqual([])
    expect(say(pull(NEXT), { actor: APP })).toEqual(['pull-request-changed', 'gate-closed', 'gate-opened'])
    expect(gate()).toMatchObject({ state: 'open', headSha: NEXT, approvals: [] })
    expect(missingOn(now(), NEXT)).toHaveLength(1)
    const lenient = settings()
    expect(say(pull(HEAD), { actor: APP, settings: lenient })).toContain('gate-closed')
    expect(gatesOf(now())).toEqual([])
  })

  it('that an agent asks for needs its lease, and is opened once', () => {
    const { say } = claimed([])
    const ask: TaskCommand = { type: 'open-gate', gate: 'deploy', fence: FENCE }
    expect(say(ask, { actor: { kind: 'agent', id: 'a2' } })).toMatchObject({ code: 'not-the-holder' })
    expect(say(ask, { actor: AGENT })).toEqual(['gate-opened'])
    expect(say(ask, { actor: AGENT })).toEqual([])
  })
})

describe('laws', () => {
  const people = fc.constantFrom('alice', 'Alice', 'bob', 'carol', 'dave')
  const roles = fc.constantFrom<Role>('read', 'write', 'maintain', 'admin')
  const moves = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(people, roles).map(([id, role]) => ({ id, role })) },
    { weight: 2, arbitrary: fc.constantFrom(HEAD, NEXT).map((sha) => ({ sha })) },
    { weight: 2, arbitrary: fc.constantFrom(HEAD, NEXT).map((pulled) => ({ pulled })) },
  )

  it('fewer people than it needs never open a gate, and a head that moves always voids it', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 30 }), (history) => {
        const { say, now, gate } = claimed([rule('require-gate', 'succeed'), rule('require-gate', 'merge')])
        say(SUCCEED, { actor: AGENT })
        let since = new Set<string>()
        for (const move of history) {
          const before = bindingFor(now(), 'succeed').headSha
          const pullBefore = now().pullRequests[0]?.headSha
          if ('id' in move) {
            const answer = say(approve(move.role, bindingFor(now(), gate()?.verb ?? null).headSha), {
              actor: { kind: 'user', id: move.id },
            })
            if (Array.isArray(answer) && answer.includes('gate-opened')) since = new Set()
            if (Array.isArray(answer) && answer.includes('gate-approved')) since.add(move.id.toLowerCase())
          } else if ('sha' in move) say(head(move.sha), { actor: APP })
          else say(pull(move.pulled), { actor: APP })
          const after = now()
          const moved =
            ('sha' in move && before !== move.sha && gate()?.headSha === before) ||
            ('pulled' in move &&
              pullBefore !== undefined &&
              pullBefore !== move.pulled &&
              gate()?.headSha === pullBefore)
          if (moved) {
            expect(gate()?.state).toBe('fell')
            expect(stands(gate(), { attempt: 1, headSha: move && 'sha' in move ? move.sha : NEXT })).toBe(false)
          }
          if (gate()?.state === 'approved') expect(since.size).toBeGreaterThanOrEqual(2)
          expect(taskStateSchema.safeParse(after).error).toBeUndefined()
          if (missingOn(after, HEAD).length === 0) expect(gate()?.headSha).toBe(HEAD)
        }
      }),
      { numRuns: 150 },
    )
  })
})

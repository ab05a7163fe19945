import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { taskEvent } from '../../../app/domain/task/events.ts'
import { nextMoment } from '../../../app/domain/task/next-moment.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import { aDay, budgeted, usd } from '../budget/money.ts'
import { AGENT, BOB, CLAIMED, CREATE, READY, RUNNING, claim, context, given, played, replay, store } from '../given.ts'

describe('claiming', () => {
  it('grants a lease with the first fence and opens attempt 1', () => {
    const task = given(...READY)
      .when(claim('alice'), { now: 5000 })
      .gives('lease-granted')
    expect(task.status).toBe('claimed')
    expect(task.lease).toMatchObject({
      attempt: 1,
      fence: { epoch: 1, n: 1 },
      owner: 'alice',
      expiresAt: 5000 + 1_800_000,
    })
    expect(task.attempts).toMatchObject([{ n: 1, status: 'leased', owner: 'alice' }])
  })

  it('lets the same owner claim again without a second lease', () => {
    given(...CLAIMED)
      .when(claim('alice'))
      .gives()
  })

  it('starts the holder’s lease anew with the time that a further claim names', () => {
    const held = given(...READY, [claim('alice'), { now: 5_000 }])
    const two = { ttlMs: 7_200_000 }
    const task = held.when(claim('alice', two), { now: 65_000 }).gives('lease-extended')
    expect(task.lease).toMatchObject({ attempt: 1, fence: { epoch: 1, n: 1 }, ...two, expiresAt: 7_265_000 })
    // The same again changes nothing that is worth an event, until a part of it is used up.
    const same = { ttlMs: 1_800_000 }
    held.when(claim('alice', same), { now: 65_000 }).gives()
    expect(held.when(claim('alice', same), { now: 905_000 }).gives('lease-extended').lease?.expiresAt).toBe(2_705_000)
    for (const ttlMs of [1, 9 * 86_400_000]) held.when(claim('alice', { ttlMs })).rejects('ttl-out-of-range')
  })

  it('names the holder to everybody else', () => {
    const { decision } = given(...CLAIMED).when(claim('bob'), { actor: BOB })
    expect(decision).toMatchObject({ ok: false, rejection: { code: 'already-claimed', holder: 'alice' } })
  })

  it('does not let another login claim in the same agent name', () => {
    given(...CLAIMED)
      .when(claim('alice'), { actor: BOB })
      .rejects('already-claimed')
  })

  it('is refused before the task is ready, while it is blocked and while the project is paused', () => {
    given([CREATE]).when(claim('alice')).rejects('wrong-status')
    given(...READY, [{ type: 'block-task', reason: 'needs a key' }])
      .when(claim('alice'))
      .rejects('blocked')
    given(...READY)
      .when(claim('alice'), { paused: 'restored' })
      .rejects('project-paused')
  })

  it('bounds the time to live', () => {
    given(...READY)
      .when(claim('alice', { ttlMs: 1 }))
      .rejects('ttl-out-of-range')
    given(...READY)
      .when(claim('alice', { ttlMs: 10 ** 12 }))
      .rejects('ttl-out-of-range')
  })

  it('takes only listed agents when agents are listed', () => {
    const settings = { ...DEFAULT_SETTINGS, agents: [{ id: 'a1', capabilities: [] }] }
    given(...READY)
      .when(claim('a2'), { settings })
      .rejects('invalid-argument')
    given(...READY)
      .when(claim('a1'), { settings })
      .gives('lease-granted')
    given(...READY)
      .when(claim('a2'), { settings, actor: { kind: 'agent', id: 'a2' } })
      .rejects('invalid-argument')
  })

  it('lets a person claim for themselves when agents are listed, not in another’s name', () => {
    const settings = { ...DEFAULT_SETTINGS, agents: [{ id: 'a1', capabilities: [] }] }
    given(...READY)
      .when(claim('bob'), { settings, actor: BOB })
      .gives('lease-granted')
    given(...READY)
      .when(claim('alice'), { settings, actor: BOB })
      .rejects('invalid-argument')
  })

  it('never grants a fence twice, and a newer epoch voids the old ones', () => {
    const task = given(...CLAIMED, [{ type: 'release-task', fence: null, reason: 'other work' }])
      .when(claim('bob'), { actor: BOB, epoch: 3 })
      .gives('lease-granted')
    expect(task.fence).toEqual({ epoch: 3, n: 2 })
  })
})

describe('writing under a lease', () => {
  it('lets the person who claimed leave the fence out, and nobody else write at all', () => {
    given(...CLAIMED)
      .when({ type: 'start-attempt', fence: null })
      .gives('attempt-started')
    given(...CLAIMED)
      .when({ type: 'start-attempt', fence: null }, { actor: BOB })
      .rejects('not-the-holder')
    given(...CLAIMED)
      .when({ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, { actor: BOB })
      .rejects('not-the-holder')
  })

  it('makes agents name the fence', () => {
    const held = given(...READY, [claim('a1'), { actor: AGENT }])
    held.when({ type: 'start-attempt', fence: null }, { actor: AGENT }).rejects('fence-missing')
    held.when({ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, { actor: AGENT }).gives('attempt-started')
  })

  it('lets the agent that a person claimed for work with its own key, naming the fence', () => {
    const held = given(...READY, [claim('a1')])
    held.when({ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, { actor: AGENT }).gives('attempt-started')
    held.when(claim('a1'), { actor: AGENT }).gives()
    held.when({ type: 'start-attempt', fence: null }, { actor: AGENT }).rejects('fence-missing')
    const other = { kind: 'agent', id: 'a2' } as const
    held.when({ type: 'start-attempt', fence: { epoch: 1, n: 1 } }, { actor: other }).rejects('not-the-holder')
  })

  it('does not give an agent the lease of the person whose name it bears', () => {
    const named = { kind: 'agent', id: 'alice' } as const
    given(...CLAIMED)
      .when(claim('alice'), { actor: named })
      .rejects('already-claimed')
  })

  it('refuses a stale fence after the lease went to someone else', () => {
    const moved = given(...CLAIMED, [{ type: 'release-task', fence: null, reason: 'x' }], [claim('alice')])
    moved
      .when({ type: 'succeed-attempt', fence: { epoch: 1, n: 1 }, costMicroUsd: null, tokens: null })
      .rejects('stale-fence')
  })

  it('says that nobody holds the task when nobody does', () => {
    given(...READY)
      .when({ type: 'start-attempt', fence: null })
      .rejects('no-lease')
  })
})

describe('time', () => {
  it('requeues a task whose lease ran out, and keeps what happened; an agent that was heard of is no strike', () => {
    const task = given(...RUNNING)
      .when({ type: 'tick', leaseUntil: 999 })
      .gives('lease-expired', 'task-readied')
    expect(task).toMatchObject({ status: 'ready', strikes: 0, lease: null, attempts: [{ status: 'expired' }] })
  })

  it('does nothing while the volatile deadline lies ahead, whatever the granted one was', () => {
    given(...RUNNING)
      .when({ type: 'tick', leaseUntil: 10 ** 13 }, { now: 10 ** 12 })
      .gives()
  })

  it('asks a person after three leases in a row ran out', () => {
    const lost = [[claim('alice')], [{ type: 'tick', leaseUntil: 0 }]] as const
    const task = given(...READY, ...lost, ...lost, [claim('alice')])
      .when({ type: 'tick', leaseUntil: 0 })
      .gives('lease-expired', 'human-needed')
    expect(task.status).toBe('needs_human')
  })

  it('counts only those in a row whose agent was never heard of', () => {
    const crashed = [[claim('alice')], [{ type: 'tick', leaseUntil: 0 }]] as const
    const stale = [
      [claim('alice')],
      [{ type: 'start-attempt', fence: null }],
      [{ type: 'tick', leaseUntil: 0 }],
    ] as const
    expect(given(...READY, ...stale, ...stale, ...stale, ...stale).task).toMatchObject({ status: 'ready', strikes: 0 })
    const between = given(...READY, ...crashed, ...crashed, ...stale, ...crashed, ...crashed)
    expect(between.task).toMatchObject({ status: 'ready', strikes: 2 })
  })

  it('reads what an older version wrote as it counted: every lease that ran out', () => {
    const log = played(...RUNNING)
    const old = store(
      [taskEvent('lease-expired', { attempt: 1, fence: { epoch: 1, n: 1 }, started: true })],
      context(),
      log,
    )
    expect(replay([...log, ...old])?.strikes).toBe(1)
  })

  it('ends an attempt that runs longer than the task allows, however lively, and retries by the rules of its class', () => {
    const limited = given(...READY, [{ type: 'update-task', changes: { timeoutMs: 5_400_000 } }], [claim('alice')])
    const tick: TaskCommand = { type: 'tick', leaseUntil: 10 ** 13 }
    expect(limited.task).not.toBeNull()
    expect(nextMoment(limited.task as Task)).toBe(1_000_000 + 5_400_000)
    limited.when(tick, { now: 6_399_999 }).gives()
    const task = limited.when(tick, { now: 6_400_000 }).gives('attempt-failed', 'task-held')
    expect(task).toMatchObject({
      status: 'waiting',
      lease: null,
      attempts: [{ status: 'failed', failure: { class: 'timeout', message: expect.stringContaining('90 minutes') } }],
    })
    // While it is blocked, too; and not without a limit.
    const blocked = given(
      ...READY,
      [{ type: 'update-task', changes: { timeoutMs: 1 } }],
      [claim('alice')],
      [{ type: 'block-task', reason: 'no key' }],
    )
    expect(blocked.when(tick, { now: 10 ** 12 }).gives('attempt-failed', 'task-held').beneath).toBe('waiting')
    given(...CLAIMED)
      .when(tick, { now: 10 ** 12 })
      .gives()
  })
})

it('is under the name that the configuration has for the agent, however it is spelled: its limits go by that', () => {
  const limited = budgeted({ agents: { claude: aDay(usd(5)) } })
  const { decision } = given(...READY).when(claim('Claude'), { settings: limited })
  expect(decision).toMatchObject({ rejection: { code: 'invalid-argument', argument: 'agent' } })
  expect(given(...READY).when(claim('claude'), { settings: limited }).decision.ok).toBe(true)
  const own = budgeted({ agents: { Alice: aDay(usd(5)) } })
  expect(given(...READY).when(claim('alice'), { settings: own }).decision.ok).toBe(true)
})

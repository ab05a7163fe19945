import { describe, expect, it } from 'vitest'
import { firstBrokenLink, GENESIS_HASH } from '../../app/domain/event/hash-chain.ts'
import { fold } from '../../app/engine/fold.ts'
import { heartbeat } from '../../app/engine/heartbeat.ts'
import type { AppendBatch } from '../../app/engine/ports.ts'
import { tickDue } from '../../app/engine/tick.ts'
import type { Rule } from '../../app/domain/policy/rule.ts'
import { DEFAULT_SETTINGS } from '../../app/domain/settings.ts'
import { AGENT, ALICE, BOB, claim, sha256 } from '../domain/given.ts'
import { createTestEngine, task } from './create-engine.ts'

describe('one command', () => {
  it('runs once however often its cause arrives, and answers the same each time', async () => {
    const { ask, ready, taskOf } = await createTestEngine()
    await ready(1)
    const first = await ask(task(1), { type: 'add-note', text: 'hello' }, ALICE, 'comment:x')
    const again = await ask(task(1), { type: 'add-note', text: 'hello' }, ALICE, 'comment:x')
    expect(first.repeated).toBe(false)
    expect(again).toMatchObject({ repeated: true, outcome: first.outcome })
    expect((await taskOf(1)).notes).toHaveLength(1)
  })

  it('keeps a refusal too, so that a repetition does not slip through later', async () => {
    const { ask, ready, claim: claimTask } = await createTestEngine()
    await ready(1)
    await claimTask(1, 'alice')
    const refused = await ask(task(1), claim('bob'), BOB, 'comment:y')
    expect(refused.outcome).toMatchObject({ ok: false, rejection: { code: 'already-claimed' } })
    await ask(task(1), { type: 'release-task', fence: null, reason: 'done for today' })
    expect((await ask(task(1), claim('bob'), BOB, 'comment:y')).outcome).toEqual(refused.outcome)
  })

  it('that was refused is not taken for done where only what the refusal put on record is brought back', async () => {
    const rules: Rule[] = [
      { id: 'no', effect: 'deny', gate: null, reason: null, when: { kind: 'is', what: 'verb', like: ['claim'] } },
    ]
    const { ask, ready, store } = await createTestEngine({
      ...DEFAULT_SETTINGS,
      policy: { otherwise: 'allow', rules },
    })
    await ready(1)
    const refused = await ask(task(1), claim('a1'), AGENT, 'http:a1:k')
    expect(refused).toMatchObject({ outcome: { ok: false }, events: [{ type: 'policy-evaluated' }] })
    expect((await ask(task(1), claim('a1'), AGENT, 'http:a1:k')).outcome).toEqual(refused.outcome)
    const events = await store.log.read(task(1))
    const restored = await createTestEngine()
    const whole = { stream: task(1), base: null, events, leases: [], ...fold(task(1), null, events) }
    expect(await restored.store.log.importStream(whole)).toBe(true)
    const again = await restored.ask(task(1), claim('a1'), AGENT, 'http:a1:k')
    expect(again).toMatchObject({ repeated: false, state: { status: 'claimed' } })
  })

  it('lets no secret of a known shape into the log', async () => {
    const { ask, ready, store } = await createTestEngine()
    await ready(1)
    const secret = `ghp_${'a1B2'.repeat(9)}`
    await ask(task(1), { type: 'add-note', text: `the token is ${secret}` })
    expect(JSON.stringify(await store.log.read(task(1)))).not.toContain(secret)
    expect(await store.projections.dump()).not.toContain(secret)
  })

  it('leaves an unbroken chain that folds to the stored state', async () => {
    const { ready, claim: claimTask, store } = await createTestEngine()
    await ready(1)
    await claimTask(1)
    const events = await store.log.read(task(1))
    expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
    expect(fold(task(1), null, events).state).toBe((await store.log.load(task(1))).state)
  })

  it('asks for the issue and the ledger to be brought up to date', async () => {
    const { ready, store, clock } = await createTestEngine()
    await ready(1)
    clock.pass(60_000)
    const keys = (await store.outbox.take(10, 1000)).map(({ key }) => key).sort()
    expect(keys).toEqual(['reconcile-ledger:project/7', 'reconcile-task:task/7/1'])
  })
})

describe('a race', () => {
  it('for one task has one winner, and every loser learns who holds it', async () => {
    const { ready, ask } = await createTestEngine()
    await ready(1)
    const racers = Array.from({ length: 20 }, (_, n) => ({ kind: 'user', id: `u${n}` }) as const)
    const results = await Promise.all(racers.map((actor) => ask(task(1), claim(actor.id), actor)))
    const winners = results.filter(({ outcome }) => outcome.ok)
    expect(winners).toHaveLength(1)
    for (const { outcome } of results) {
      if (!outcome.ok) expect(outcome.rejection.code).toBe('already-claimed')
    }
  })

  it('to close a circle from both ends leaves an acyclic graph', async () => {
    const { ready, ask, taskOf } = await createTestEngine()
    await ready(1)
    await ready(2)
    const edge = (n: number) =>
      ({
        type: 'add-dependency',
        on: { stream: task(n), key: `DEV-${n}` },
        status: 'open',
        path: null,
        onFailure: null,
      }) as const
    const results = await Promise.all([ask(task(1), edge(2)), ask(task(2), edge(1))])
    expect(results.filter(({ outcome }) => outcome.ok)).toHaveLength(1)
    expect((await taskOf(1)).dependsOn.length + (await taskOf(2)).dependsOn.length).toBe(1)
  })
})

describe('time', () => {
  it('expires a lease by its volatile deadline, which heartbeats move without any event', async () => {
    const { engine, store, ready, claim: claimTask, ask, clock, taskOf } = await createTestEngine()
    await ready(1)
    await claimTask(1)
    await ask(task(1), { type: 'start-attempt', fence: null })
    const { version } = await store.log.load(task(1))
    clock.pass(20 * 60_000)
    expect(await heartbeat(engine, task(1), null, ALICE)).toMatchObject({ ok: true })
    clock.pass(20 * 60_000)
    expect(await tickDue(engine)).toBe(0)
    expect((await store.log.load(task(1))).version).toBe(version)
    clock.pass(11 * 60_000)
    expect(await tickDue(engine)).toBe(1)
    expect(await taskOf(1)).toMatchObject({ status: 'ready', strikes: 0 })
    expect(await heartbeat(engine, task(1), null, ALICE)).toMatchObject({ ok: false, rejection: { code: 'no-lease' } })
  })

  it('does not end a lease whose holder was heard of while that was being decided', async () => {
    const { engine, store, ready, claim: claimTask, ask, clock, taskOf } = await createTestEngine()
    await ready(1)
    await claimTask(1)
    await ask(task(1), { type: 'start-attempt', fence: null })
    clock.pass(30 * 60_000)
    let beats = 0
    const heard = async (batch: AppendBatch) => {
      if (batch.cause.startsWith('tick:') && (beats += 1) === 1) {
        // The clock of the machine is set back a little, and the heartbeat is in time by it.
        clock.pass(-1)
        expect(await heartbeat(engine, task(1), null, ALICE)).toMatchObject({ ok: true })
        clock.pass(1)
      }
      return store.log.append(batch)
    }
    const overtaken = { ...engine, store: { ...store, log: { ...store.log, append: heard } } }
    expect(await tickDue(overtaken)).toBe(0)
    expect(beats).toBe(1)
    expect((await taskOf(1)).lease).not.toBeNull()
  })

  it('passes for all other tasks where one of them is broken, and says so', async () => {
    const { engine, store, ready, claim: claimTask, clock, taskOf } = await createTestEngine()
    for (const n of [1, 2, 3]) {
      await ready(n)
      await claimTask(n)
    }
    clock.pass(31 * 60_000)
    const append = (batch: AppendBatch) =>
      batch.writes[0]?.stream === task(1) ? Promise.reject(new TypeError('broken')) : store.log.append(batch)
    const broken = { ...engine, store: { ...store, log: { ...store.log, append } } }
    await expect(tickDue(broken)).rejects.toThrow('broken')
    expect([await taskOf(1), await taskOf(2), await taskOf(3)].map(({ status }) => status)).toEqual([
      'claimed',
      'ready',
      'ready',
    ])
    await expect(tickDue(broken)).rejects.toThrow('broken')
  })

  it('looks once at a deadline that no lease stands behind, and counts only what changed', async () => {
    const { engine, ready, clock, store } = await createTestEngine()
    await ready(1)
    const fence = { epoch: 1, n: 1 }
    const leases = [{ stream: task(1), fence, until: clock.now() + 1000 }]
    const { version } = await store.log.load(task(1))
    const outcome = { ok: true, stream: task(1), version } as const
    await store.log.append({ cause: 'stale', outcome, writes: [], leases, guards: [], outbox: [] })
    clock.pass(1000)
    expect(await store.projections.due(9)).toEqual([task(1)])
    expect(await tickDue(engine)).toBe(0)
    expect(await store.projections.due(9)).toEqual([])
  })

  it('ends an attempt that runs too long, and looks at it then', async () => {
    const { engine, store, ready, claim: claimTask, ask, clock, taskOf } = await createTestEngine()
    await ready(1)
    await ask(task(1), { type: 'update-task', changes: { timeoutMs: 10 * 60_000 } })
    await claimTask(1)
    clock.pass(10 * 60_000 - 1)
    expect(await tickDue(engine)).toBe(0)
    clock.pass(1)
    expect(await tickDue(engine)).toBe(1)
    expect(await taskOf(1)).toMatchObject({ status: 'waiting', attempts: [{ failure: { class: 'timeout' } }] })
    expect(await store.projections.due(9)).toEqual([])
  })

  it('ends a backoff', async () => {
    const { engine, ready, claim: claimTask, ask, clock, taskOf } = await createTestEngine()
    await ready(1)
    await claimTask(1)
    await ask(task(1), { type: 'fail-attempt', fence: null, failure: { class: 'test_fail', message: 'm' } })
    await tickDue(engine)
    expect((await taskOf(1)).status).toBe('waiting')
    clock.pass(2 * 60_000)
    await tickDue(engine)
    expect((await taskOf(1)).status).toBe('ready')
  })
})

/** Taking the next task: which one, each to one only, and the same one however often the same request arrives. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../app/domain/settings.ts'
import type { DetailChanges } from '../../app/domain/task/details.ts'
import type { Policy } from '../../app/domain/policy/rule.ts'
import type { Priority } from '../../app/domain/task/state.ts'
import { createClaimNext } from '../../app/engine/claim-next.ts'
import type { Handled } from '../../app/engine/handle-command.ts'
import { aDay, budgeted, usd } from '../domain/budget/money.ts'
import { createTestEngine, PROJECT, task } from './create-engine.ts'

const HOUR = 3_600_000

const given = async (settings?: Settings) => {
  const test = await createTestEngine(settings)
  let asked = 0
  const reads = { ready: 0 }
  const { projections } = test.store
  const counting = {
    ...test.engine,
    store: {
      ...test.store,
      projections: {
        ...projections,
        ready: (...args: Parameters<typeof projections.ready>) => {
          reads.ready += 1
          return projections.ready(...args)
        },
      },
    },
  }
  const claimNext = createClaimNext(counting)
  return {
    ...test,
    reads,
    add: async (n: number, priority: Priority = 'p2', changes: DetailChanges = {}) => {
      await test.ready(n)
      await test.ask(task(n), { type: 'set-priority', priority })
      if (Object.keys(changes).length > 0) await test.ask(task(n), { type: 'update-task', changes })
    },
    next: (id = 'a1', cause = `next:${(asked += 1)}`, fingerprint?: string): Promise<Handled> => {
      const actor: Actor = { kind: 'agent', id }
      const command = { owner: id, ttlMs: null, baseSha: null, model: null, runId: null }
      return claimNext({ stream: PROJECT, command, actor, cause, fingerprint })
    },
  }
}

const keyOf = ({ outcome, state }: Handled): string =>
  !outcome.ok ? outcome.rejection.code : state !== null && 'key' in state ? state.key : 'none'

describe('the next task', () => {
  it('is the first in the order of what is due', async () => {
    const { add, next, clock } = await given()
    await add(1, 'p3')
    await add(2, 'p2')
    await add(3, 'p0')
    await add(4, 'p3', { deadline: clock.now() + 5 * HOUR })
    expect([await next(), await next(), await next(), await next()].map(keyOf)).toEqual([
      'DEV-3',
      'DEV-4',
      'DEV-2',
      'DEV-1',
    ])
  })

  it('of old work comes before newer work that is more urgent', async () => {
    const { add, next, clock } = await given()
    await add(1, 'p3')
    clock.pass(8 * 24 * HOUR)
    await add(2, 'p0')
    expect(keyOf(await next())).toBe('DEV-1')
  })

  it('is the first that the agent may take, however many it may not stand before', async () => {
    const agents = [
      { id: 'a1', capabilities: [] },
      { id: 'a2', capabilities: ['gpu'] },
    ]
    const { add, next } = await given({ ...DEFAULT_SETTINGS, agents })
    for (let n = 1; n <= 150; n += 1) await add(n, 'p0', { requires: ['gpu'] })
    await add(151, 'p3')
    expect(keyOf(await next('a1'))).toBe('DEV-151')
    expect(keyOf(await next('a2'))).toBe('DEV-1')
    const none = await next('a1')
    expect(none.outcome).toMatchObject({ ok: false, rejection: { code: 'nothing-ready', unfit: 149 } })
  })

  it('says how many wait and are blocked where nothing is ready, and uses up no cause', async () => {
    const { add, ask, next, ready, taskOf } = await given()
    await add(1)
    await add(2)
    await ask(task(2), { type: 'block-task', reason: 'no key' })
    await ask(task(1), {
      type: 'add-dependency',
      on: { stream: task(2), key: 'DEV-2' },
      status: 'open',
      path: null,
      onFailure: null,
    })
    expect((await taskOf(1)).status).toBe('waiting')
    const none = await next('a1', 'k')
    expect(none.outcome).toMatchObject({
      ok: false,
      rejection: { code: 'nothing-ready', waiting: 1, blocked: 1, unfit: 0, retryAfterMs: 15_000 },
    })
    await ready(3)
    expect(keyOf(await next('a1', 'k'))).toBe('DEV-3')
  })

  it('is refused while the project is paused, without trying every task', async () => {
    const { add, ask, next, reads } = await given()
    await add(1)
    await add(2)
    await ask(PROJECT, { type: 'pause-project', reason: 'restored' })
    expect(keyOf(await next())).toBe('project-paused')
    expect(reads.ready).toBe(1)
  })
})

const POLICY: Policy = {
  otherwise: 'allow',
  rules: [
    {
      id: 'infra',
      effect: 'require-gate',
      gate: 'look',
      reason: 'people look first',
      when: { kind: 'is', what: 'tag', like: ['infra'] },
    },
    { id: 'keys', effect: 'deny', gate: null, reason: null, when: { kind: 'is', what: 'tag', like: ['keys'] } },
  ],
}
const UNDER_POLICY: Settings = { ...DEFAULT_SETTINGS, policy: POLICY, gates: { look: { approvals: 1, role: 'write' } } }

describe('under a policy', () => {
  it('the gate of a task that is passed over is opened, and once people have approved it the task is given', async () => {
    const { add, ask, next, taskOf } = await given(UNDER_POLICY)
    await add(1, 'p0', { tags: ['infra'] })
    expect(keyOf(await next('a1', 'k'))).toBe('nothing-ready')
    expect((await taskOf(1)).gates).toMatchObject([{ name: 'look', state: 'open', attempt: 1 }])
    expect((await taskOf(1)).verdicts).toMatchObject([{ verb: 'claim', agent: 'a1', outcome: 'gate' }])
    await next('a1', 'k')
    await ask(task(1), { type: 'approve-gate', gate: 'look', role: 'write', sha: null })
    expect(keyOf(await next('a1', 'k'))).toBe('DEV-1')
  })

  it('the first task that is allowed is given, however many that are not stand before', async () => {
    const { add, next } = await given(UNDER_POLICY)
    for (let n = 1; n <= 40; n += 1) await add(n, 'p0', { tags: ['keys'] })
    await add(41, 'p3')
    expect(keyOf(await next())).toBe('DEV-41')
    expect((await next()).outcome).toMatchObject({ rejection: { code: 'nothing-ready', unfit: 40 } })
  })
})

it('where the money is used up, that is said, and not that nothing is ready', async () => {
  const { add, next } = await given(budgeted({ project: aDay(usd(5)) }))
  for (const [n, cost] of [3, 3, 2, 1].entries()) {
    await add(n + 1, 'p2', { estimate: { ...usd(cost), durationMs: null } })
  }
  expect(keyOf(await next())).toBe('DEV-1')
  // What is too dear is passed over for what is not.
  expect(keyOf(await next())).toBe('DEV-3')
  expect((await next()).outcome).toMatchObject({
    ok: false,
    rejection: { code: 'budget-exceeded', scope: 'project', period: 'day' },
  })
})

describe('the same request again', () => {
  it('gets the same task, and no other one', async () => {
    const { add, next, ask } = await given()
    await add(1)
    await add(2)
    const first = await next('a1', 'k', 'same')
    const again = await next('a1', 'k', 'same')
    expect([keyOf(first), keyOf(again), again.repeated]).toEqual(['DEV-1', 'DEV-1', true])
    expect(keyOf(await next('a1', 'k', 'other'))).toBe('idempotency-key-reused')
    // Also when nothing is ready any more.
    await ask(task(2), { type: 'cancel-task', reason: 'no' })
    expect(keyOf(await next('a1', 'k', 'same'))).toBe('DEV-1')
  })

  it('gets one task when both arrive at once', async () => {
    const { add, next, taskOf } = await given()
    await add(1)
    await add(2)
    const both = await Promise.all([next('a1', 'k'), next('a1', 'k')])
    expect(new Set(both.map(keyOf)).size).toBe(1)
    expect([(await taskOf(1)).status, (await taskOf(2)).status].sort()).toEqual(['claimed', 'ready'])
  })
})

describe('many at once', () => {
  it('get a task each after one look at the order, and none is given twice, not even to the same agent', async () => {
    const { add, next, reads } = await given()
    for (let n = 1; n <= 40; n += 1) await add(n)
    const handled = await Promise.all(Array.from({ length: 40 }, (_, n) => next(`a${n % 5}`)))
    expect(new Set(handled.map(keyOf)).size).toBe(40)
    expect(handled.every(({ outcome }) => outcome.ok)).toBe(true)
    expect(reads.ready).toBe(1)
    expect(keyOf(await next())).toBe('nothing-ready')
  })

  it('on two replicas get a task each, and who is overtaken goes on to the next one', async () => {
    const { add, next, engine, taskOf } = await given()
    for (let n = 1; n <= 20; n += 1) await add(n)
    const other = createClaimNext(engine)
    const actor: Actor = { kind: 'agent', id: 'b' }
    const command = { owner: 'b', ttlMs: null, baseSha: null, model: null, runId: null }
    const there = (n: number) => other({ stream: PROJECT, command, actor, cause: `there:${n}` })
    const handled = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? next('b') : there(n))))
    expect(handled.map(keyOf).filter((key) => key.startsWith('DEV-'))).toHaveLength(20)
    expect(new Set(handled.map(keyOf)).size).toBe(20)
    for (let n = 1; n <= 20; n += 1) expect((await taskOf(n)).attempts).toHaveLength(1)
  })
})

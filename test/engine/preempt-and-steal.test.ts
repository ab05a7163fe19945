/** Room for what is urgent, and work that silent agents have left: who is asked, who is told, and when it is taken. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../app/domain/settings.ts'
import type { Priority } from '../../app/domain/task/state.ts'
import { createClaimNext } from '../../app/engine/claim-next.ts'
import { heartbeat } from '../../app/engine/heartbeat.ts'
import { makeRoom } from '../../app/engine/make-room.ts'
import { tickDue } from '../../app/engine/tick.ts'
import { claim } from '../domain/given.ts'
import { createTestEngine, PROJECT, task } from './create-engine.ts'

const MINUTE = 60_000
const agent = (id: string): Actor => ({ kind: 'agent', id })
const FENCE = { epoch: 1, n: 1 }

const given = async (over: Partial<Settings>) => {
  const test = await createTestEngine({ ...DEFAULT_SETTINGS, ...over })
  const claimNext = createClaimNext(test.engine)
  let asked = 0
  const add = async (n: number, priority: Priority) => {
    await test.ready(n)
    await test.ask(task(n), { type: 'set-priority', priority })
  }
  return {
    ...test,
    add,
    held: async (n: number, priority: Priority, by: string) => {
      await add(n, priority)
      await test.ask(task(n), claim(by), agent(by))
    },
    beat: (n: number, by: string) => heartbeat(test.engine, task(n), FENCE, agent(by)),
    /** What the outbox would do now, of this kind. */
    makeRooms: async (): Promise<number> => {
      const items = (await test.store.outbox.take(99, 1)).filter(({ kind }) => kind === 'make-room')
      for (const { payload } of items) await makeRoom(test.engine, payload as Parameters<typeof makeRoom>[1])
      return items.length
    },
    next: (by: string) =>
      claimNext({
        stream: PROJECT,
        command: { owner: by, ttlMs: null, baseSha: null, model: null, runId: null },
        actor: agent(by),
        cause: `next:${(asked += 1)}`,
      }),
  }
}

describe('urgent work without room', () => {
  it('has the holder of the least urgent asked on its heartbeat, and its task back after the grace, without a strike', async () => {
    const { add, held, beat, makeRooms, engine, clock, taskOf } = await given({ wip: { project: 2 } })
    await held(1, 'p1', 'a')
    await held(2, 'p3', 'b')
    await add(9, 'p0')
    expect(await makeRooms()).toBe(1)
    const until = clock.now() + 5 * MINUTE
    expect(await beat(1, 'a')).toMatchObject({ signals: {} })
    expect(await beat(2, 'b')).toMatchObject({ ok: true, signals: { preempt: { by: 'DEV-9', until } } })
    clock.pass(5 * MINUTE - 1)
    expect(await tickDue(engine)).toBe(0)
    clock.pass(1)
    expect(await tickDue(engine)).toBe(1)
    expect(await taskOf(2)).toMatchObject({
      status: 'ready',
      strikes: 0,
      lease: null,
      attempts: [{ status: 'canceled' }],
    })
    expect(await taskOf(1)).toMatchObject({ lease: { owner: 'a' } })
    expect(await beat(2, 'b')).toMatchObject({ ok: false })
  })

  it('asks nobody while there is room, where all is as urgent, or without a limit', async () => {
    for (const [wip, priority] of [
      [{ project: 2 }, 'p3'],
      [{ project: 1 }, 'p0'],
      [{}, 'p3'],
    ] as const) {
      const { add, held, makeRooms, store } = await given({ wip })
      await held(1, priority, 'a')
      await add(9, 'p0')
      await makeRooms()
      expect((await store.log.read(task(1))).map(({ type }) => type)).not.toContain('preemption-asked')
    }
  })

  it('asks one holder each time, the one that began last of those alike, and never twice for the same', async () => {
    const { add, held, makeRooms, engine, clock, taskOf, store } = await given({
      wip: { project: 3 },
      lease: { ...DEFAULT_SETTINGS.lease, preemptGraceMs: MINUTE },
    })
    await held(1, 'p2', 'a')
    clock.pass(1)
    await held(2, 'p2', 'b')
    await held(3, 'p1', 'c')
    await add(9, 'p0')
    await makeRooms()
    const { version } = await store.log.load(task(9))
    await makeRoom(engine, { stream: task(9), version })
    expect((await taskOf(2)).lease?.preempt).toEqual({ by: 'DEV-9', until: clock.now() + MINUTE })
    expect([(await taskOf(1)).lease?.preempt, (await taskOf(3)).lease?.preempt]).toEqual([undefined, undefined])
    await add(10, 'p0')
    await makeRooms()
    expect((await taskOf(1)).lease?.preempt?.by).toBe('DEV-10')
  })
})

describe('an agent that has gone silent', () => {
  const lease = { ...DEFAULT_SETTINGS.lease, ttlMs: 10 * MINUTE, stealAfter: 0.5 }

  it('loses its task to an idle one after the share of its time that is configured, and its fence is void', async () => {
    const { held, beat, next, clock, taskOf } = await given({ lease })
    await held(1, 'p2', 'a')
    await beat(1, 'a')
    clock.pass(5 * MINUTE - 1)
    expect((await next('b')).outcome).toMatchObject({ ok: false, rejection: { code: 'nothing-ready' } })
    clock.pass(1)
    expect((await next('b')).outcome).toMatchObject({ ok: true, stream: task(1) })
    expect(await taskOf(1)).toMatchObject({
      status: 'claimed',
      strikes: 0,
      lease: { owner: 'b', fence: { epoch: 1, n: 2 } },
      attempts: [
        { owner: 'a', status: 'expired' },
        { owner: 'b', status: 'leased' },
      ],
    })
    expect(await beat(1, 'a')).toMatchObject({ ok: false, rejection: { code: 'stale-fence' } })
  })

  it('keeps it with every heartbeat, from itself, where nothing is configured, and while other work is ready', async () => {
    const { add, held, beat, next, clock } = await given({ lease })
    await held(1, 'p2', 'a')
    for (let n = 0; n < 4; n += 1) {
      clock.pass(4 * MINUTE)
      expect(await beat(1, 'a')).toMatchObject({ ok: true })
    }
    expect((await next('b')).outcome.ok).toBe(false)
    clock.pass(6 * MINUTE)
    expect((await next('a')).outcome.ok).toBe(false)
    await add(2, 'p3')
    expect((await next('b')).outcome).toMatchObject({ ok: true, stream: task(2) })
    const never = await given({})
    await never.held(1, 'p2', 'a')
    never.clock.pass(29 * MINUTE)
    expect((await never.next('b')).outcome.ok).toBe(false)
  })

  it('keeps it also when it is heard of while somebody takes it over', async () => {
    const { held, store, clock, taskOf } = await given({ lease })
    await held(1, 'p2', 'a')
    const { leaseUntil, version } = await store.log.load(task(1))
    clock.pass(6 * MINUTE)
    await store.leases.renew(task(1), FENCE, lease.ttlMs)
    const late = { stream: task(1), fence: { epoch: 1, n: 2 }, until: clock.now() + 1, from: leaseUntil ?? 0 }
    const outcome = { ok: true, stream: task(1), version } as const
    const result = await store.log.append({
      cause: 'late',
      outcome,
      writes: [],
      leases: [late],
      guards: [],
      outbox: [],
    })
    expect(result).toEqual({ ok: false, conflict: 'version' })
    expect((await taskOf(1)).lease?.owner).toBe('a')
  })
})

/** Money through the whole loop, over a real store: races, warnings, holds, signals, quotas. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../app/domain/settings.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import { handleCommand, type Engine, type Handled } from '../../app/engine/handle-command.ts'
import { fold } from '../../app/engine/fold.ts'
import { heartbeat } from '../../app/engine/heartbeat.ts'
import { projectMovements } from '../../app/engine/movements.ts'
import { tickDue } from '../../app/engine/tick.ts'
import { ALICE, claim } from '../domain/given.ts'
import { aDay, budgeted, NONE, report, succeed, usd, USD } from '../domain/budget/money.ts'
import { createTestEngine, PROJECT, task } from './create-engine.ts'

const agent = (n: number): Actor => ({ kind: 'agent', id: `a${n}` })
const ESTIMATE = {
  type: 'update-task',
  changes: { estimate: { microUsd: 3 * USD, tokens: null, durationMs: null } },
} as const

/** So many tasks that are ready, at $3 each. */
const withTasks = async (settings: Settings, count: number) => {
  const engine = await createTestEngine(settings)
  for (let n = 1; n <= count; n += 1) {
    await engine.ready(n)
    await engine.ask(task(n), ESTIMATE)
  }
  return engine
}

const codes = (results: readonly Handled[]): readonly string[] =>
  results.map(({ outcome }) => (outcome.ok ? 'granted' : outcome.rejection.code)).sort()

const rows = async ({ store }: Awaited<ReturnType<typeof createTestEngine>>, scope: string, period: string) =>
  (await store.books.read([scope], [period]))[0]

describe('many claims at once', () => {
  it('get exactly what fits the day, and each of the others is told what stands in the way', async () => {
    const engine = await withTasks(budgeted({ project: aDay(usd(10)) }), 12)
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, n) => engine.ask(task(n + 1), claim(`a${n}`), agent(n))),
    )
    expect(codes(results)).toEqual([...Array(9).fill('budget-exceeded'), ...Array(3).fill('granted')])
    expect(await rows(engine, 'project/7', '2023-11-14')).toMatchObject({ reserved: { microUsd: 9 * USD } })
    const warned = (await engine.store.projections.tasks(PROJECT)).flatMap(({ warnings }) => warnings ?? [])
    expect(warned).toEqual([
      { scope: 'project/7', period: '2023-11-14', unit: 'microUsd', limit: 10 * USD, total: 9 * USD },
    ])
  })

  it('get exactly what fits also where people were warned before', async () => {
    const engine = await withTasks(budgeted({ project: aDay(usd(23)) }), 9)
    await engine.ask(task(9), {
      type: 'update-task',
      changes: { estimate: { microUsd: 19 * USD, tokens: null, durationMs: null } },
    })
    await engine.claim(9)
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) => engine.ask(task(n + 1), claim(`a${n}`), agent(n))),
    )
    expect(codes(results)).toEqual([...Array<string>(7).fill('budget-exceeded'), 'granted'])
  })

  it('share the budget of all projects of an account', async () => {
    const engine = await withTasks(budgeted({ workspace: aDay(usd(6)) }), 4)
    const results = await Promise.all(
      Array.from({ length: 4 }, (_, n) => engine.ask(task(n + 1), claim(`a${n}`), agent(n))),
    )
    expect(codes(results)).toEqual(['budget-exceeded', 'budget-exceeded', 'granted', 'granted'])
    expect(await rows(engine, 'workspace/1', '2023-11-14')).toMatchObject({ reserved: { microUsd: 6 * USD } })
  })
})

it('the day is that of the configured time zone, and the next day begins with a whole budget', async () => {
  const engine = await withTasks(budgeted({ project: aDay(usd(4)), timeZone: 'Europe/Berlin' }), 3)
  // 23:13 in Berlin.
  expect((await engine.claim(1)).outcome.ok).toBe(true)
  expect((await engine.claim(2)).outcome).toMatchObject({
    rejection: { code: 'budget-exceeded', resetsAt: Date.parse('2023-11-14T23:00:00Z') },
  })
  engine.clock.pass(3_600_000)
  expect((await engine.claim(2)).outcome.ok).toBe(true)
  expect(await rows(engine, 'project/7', '2023-11-15')).toMatchObject({ reserved: { microUsd: 3 * USD } })
})

describe('a lease that ran out', () => {
  it('holds its reservation for a day and is then settled at it, by the tick', async () => {
    const engine = await withTasks(budgeted({ project: { ...aDay(NONE), total: usd(5) } }), 2)
    await engine.claim(1)
    engine.clock.pass(31 * 60_000)
    expect(await tickDue(engine.engine)).toBe(1)
    expect((await engine.claim(2)).outcome.ok).toBe(false)
    expect(await tickDue(engine.engine)).toBe(0)
    engine.clock.pass(86_400_000)
    expect(await tickDue(engine.engine)).toBe(1)
    expect(await tickDue(engine.engine)).toBe(0)
    expect((await engine.taskOf(1)).attempts[0]?.settled?.microUsd).toMatchObject({
      amount: 3 * USD,
      basis: 'reservation',
    })
    await engine.ask(task(1), report({ costMicroUsd: USD }))
    expect(await rows(engine, 'project/7', 'total')).toMatchObject({
      reserved: { microUsd: 0 },
      spent: { microUsd: USD },
    })
    expect((await engine.claim(2)).outcome.ok).toBe(true)
  })
})

it('an overrun stops its holder with the next heartbeat, and new claims while the budget is passed', async () => {
  const engine = await withTasks(budgeted({ project: aDay(usd(10)) }), 2)
  await engine.claim(1)
  expect(await heartbeat(engine.engine, task(1), null, { kind: 'user', id: 'alice' })).toMatchObject({ signals: {} })
  await engine.ask(task(1), report({ costMicroUsd: 11 * USD }))
  expect(await heartbeat(engine.engine, task(1), null, { kind: 'user', id: 'alice' })).toMatchObject({
    signals: { stop: { reason: 'the attempt is $8.00 above what was reserved for it' } },
  })
  expect((await engine.claim(2)).outcome).toMatchObject({ rejection: { code: 'budget-exceeded', spent: 8 * USD } })
})

it('the ledger tells every movement, and a rebuild finds the books right', async () => {
  const engine = await withTasks(budgeted({ project: aDay(usd(100)) }), 2)
  await engine.claim(1)
  await engine.ask(task(1), succeed(4 * USD))
  await engine.claim(2)
  engine.clock.pass(60_000)
  await engine.ask(task(2), succeed(null))
  await engine.ask(task(2), report({ costMicroUsd: 2 * USD }))
  const moves = await projectMovements(engine.store, PROJECT, { from: '2023-11-14', to: '2023-11-14' })
  expect(moves.map(({ key, kind, amount }) => [key, kind, amount.microUsd / USD])).toEqual([
    ['DEV-1', 'reserved', 3],
    ['DEV-1', 'settled', 4],
    ['DEV-1', 'overrun', 1],
    ['DEV-2', 'reserved', 3],
    ['DEV-2', 'settled', 3],
    ['DEV-2', 'corrected', -1],
  ])
  expect(await projectMovements(engine.store, PROJECT, { from: '2023-11-15', to: '2024-01-01' })).toEqual([])
  expect(await engine.store.log.rebuild(fold)).toBe(0)
  expect(await rows(engine, 'project/7', 'total')).toMatchObject({ spent: { microUsd: 6 * USD } })
})

it('the books and the ledger add up what several runs of one attempt cost, and a rebuild finds them right', async () => {
  const engine = await withTasks(budgeted({ project: aDay(usd(100)) }), 1)
  const run = (id: number, cost: number, passed: true | null = null) =>
    engine.ask(
      task(1),
      report({ costMicroUsd: cost * USD, run: { id, attempt: 1, url: `https://ci.example/${id}` } }, { passed }),
    )
  await engine.claim(1)
  await run(900, 2)
  await run(901, 1, true)
  await run(900, 3)
  const moves = await projectMovements(engine.store, PROJECT, { from: '2023-11-14', to: '2023-11-14' })
  expect(moves.map(({ kind, amount }) => [kind, amount.microUsd / USD])).toEqual([
    ['reserved', 3],
    ['settled', 3],
    ['corrected', 1],
    ['overrun', 1],
  ])
  expect(await rows(engine, 'project/7', 'total')).toMatchObject({ spent: { microUsd: 4 * USD } })
  expect(await engine.store.log.rebuild(fold)).toBe(0)
  expect(await rows(engine, 'project/7', 'total')).toMatchObject({ spent: { microUsd: 4 * USD } })
})

it('reserves what the project’s work took last, where nobody says what to expect', async () => {
  const engine = await createTestEngine(budgeted({ project: aDay(usd(100)) }))
  for (const [n, cost] of [
    [1, 4],
    [2, 9],
    [3, 5],
  ] as const) {
    await engine.ready(n)
    await engine.claim(n)
    await engine.ask(task(n), succeed(cost * USD))
  }
  await engine.ready(4)
  await engine.claim(4)
  expect((await engine.taskOf(4)).attempts[0]?.reservation?.microUsd).toBe(5 * USD)
})

it('an agent may claim so often an hour; refused and repeated claims do not count', async () => {
  const engine = await createTestEngine({ ...budgeted(), quotas: { claimsPerHour: 2 } })
  for (const n of [1, 2, 3]) await engine.ready(n)
  await engine.claim(1, 'a1', agent(1))
  await engine.claim(1, 'a1', agent(1))
  await engine.claim(1, 'a2', agent(2))
  expect((await engine.claim(2, 'a1', agent(1))).outcome.ok).toBe(true)
  expect((await engine.claim(3, 'a1', agent(1))).outcome).toMatchObject({
    rejection: { code: 'quota-exceeded', agent: 'a1', perHour: 2, waitMs: 30 * 60_000 },
  })
  expect((await engine.claim(3, 'a2', agent(2))).outcome.ok).toBe(true)
})

it('a claim that is refused after it was decided costs none of the quota', async () => {
  const engine = await createTestEngine({ ...DEFAULT_SETTINGS, quotas: { claimsPerHour: 1 }, wip: { project: 1 } })
  for (const n of [1, 2]) await engine.ready(n)
  await engine.claim(2, 'a2', agent(2))
  expect((await engine.claim(1, 'a1', agent(1))).outcome).toMatchObject({ rejection: { code: 'wip-limit' } })
  await engine.ask(task(2), { type: 'cancel-task', reason: 'done elsewhere' })
  expect((await engine.claim(1, 'a1', agent(1))).outcome.ok).toBe(true)
})

it('a task with costs that an earlier version did not count is claimed, or refused, like any other', async () => {
  const { engine, ready, ask } = await createTestEngine(budgeted({ project: { ...aDay(NONE), total: usd(5) } }))
  const { log } = engine.store
  const earlier: Engine = {
    ...engine,
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    store: {
      ...engine.store,
      log: {
        ...log,
        append: (batch) =>
          log.append({
            ...batch,
            writes: batch.writes.map((write) => ({ ...write, index: { ...write.index, books: [] } })),
          }),
      },
    },
  }
  const then = (command: TaskCommand, actor: Actor) =>
    handleCommand(earlier, { stream: task(1), command, actor, cause: command.type })
  await ready(1)
  await then(claim('a1'), agent(1))
  await then({ type: 'succeed-attempt', fence: { epoch: 1, n: 1 }, costMicroUsd: 4 * USD, tokens: null }, agent(1))
  await then({ ...ESTIMATE, changes: { estimate: { ...usd(2), durationMs: null } } }, ALICE)
  await then({ type: 'retry-task' }, ALICE)
  expect((await ask(task(1), claim('a1'), agent(1))).outcome).toMatchObject({
    rejection: { code: 'budget-exceeded', scope: 'project', spent: 4 * USD, asked: 2 * USD },
  })
})

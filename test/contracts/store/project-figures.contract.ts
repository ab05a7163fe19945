/** What projects come to, from counters and books, is what their tasks come to one by one: with budgets and without, whatever happened. */
import { describe, expect, it } from 'vitest'
import { projectStream, taskStream, type StreamId } from '../../../app/domain/event/envelope.ts'
import { totalsOf } from '../../../app/domain/portfolio/roll-up.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { isClosed, type Attempt, type Task } from '../../../app/domain/task/state.ts'
import { handleCommand, type AnyCommand, type Engine } from '../../../app/engine/handle-command.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { projectFigures } from '../../../app/engine/project-figures.ts'
import { fold } from '../../../app/engine/fold.ts'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import { aDay, budgeted, report, succeed, usd } from '../../domain/budget/money.ts'
import { ALICE, claim, fail, sha256 } from '../../domain/given.ts'
import { createIds } from '../../engine/create-engine.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

/** The first has no budgets, the second has. */
const PROJECTS = [7, 8] as const
const TASKS = 8

/** Park–Miller: the same life every time. */
const createRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const createAsk = (store: Store) => {
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    schemas: createSchemaJudge(),
    settingsOf: (project) =>
      Promise.resolve(
        project === projectStream(8) ? budgeted({ project: aDay(usd(500)), task: usd(40) }) : DEFAULT_SETTINGS,
      ),
  }
  let asked = 0
  return (stream: StreamId, command: AnyCommand) =>
    handleCommand(engine, { stream, command, actor: ALICE, cause: `figures:${(asked += 1)}` })
}

const begin = async (store: Store) => {
  const ask = createAsk(store)
  for (const id of PROJECTS) {
    const repository = `acme/p${id}`
    const opened = { repositoryId: id, repositoryNodeId: `R_${id}`, repository, installationId: 1, prefix: `P${id}` }
    await ask(projectStream(id), { type: 'open-project', ...opened })
    for (let n = 1; n <= TASKS; n += 1) {
      const made = { project: projectStream(id), key: `P${id}-${n}`, number: n, title: 'T', priority: 'p2' } as const
      await ask(taskStream(id, n), { type: 'create-task', ...made })
    }
  }
  return ask
}

/** Many are refused where a task stands: of those nothing may be counted either. */
const anyOf = (random: (below: number) => number): TaskCommand => {
  const some: readonly TaskCommand[] = [
    { type: 'ready-task' },
    claim('a1'),
    { type: 'start-attempt', fence: null },
    succeed(random(9) * 100_000, random(5000)),
    fail(),
    report({ costMicroUsd: random(50) * 1_000_000 }),
    { type: 'retry-task' },
    { type: 'release-task', fence: null, reason: 'r' },
    ...(random(4) === 0
      ? [{ type: 'cancel-task', reason: 'r' } as const, { type: 'complete-task', reason: 'r' } as const]
      : []),
  ]
  return some[random(some.length)] as TaskCommand
}

const sumOf = (attempts: readonly Attempt[], figure: (attempt: Attempt) => number): number =>
  attempts.reduce((sum, attempt) => sum + figure(attempt), 0)

/** One by one, from the states alone. */
const counted = (tasks: readonly Task[]) => {
  const attempts = tasks.flatMap((task) => task.attempts)
  const held = attempts.filter(({ reservation, settled }) => reservation !== undefined && settled === undefined)
  const paid = attempts.filter((attempt) => !held.includes(attempt))
  const done = tasks.filter(({ status }) => status === 'done').length
  const wanted = tasks.filter(({ status }) => status !== 'canceled').length
  return {
    tasks: tasks.length,
    done,
    open: tasks.filter(({ status }) => !isClosed(status)).length,
    wanted,
    percent: wanted === 0 ? null : Math.floor((done * 100) / wanted),
    standing: Object.fromEntries(
      [...Map.groupBy(tasks, ({ status }) => status)].map(([status, of]) => [status, of.length]),
    ),
    spent: {
      microUsd:
        sumOf(paid, ({ settled, costMicroUsd }) => settled?.microUsd.amount ?? costMicroUsd ?? 0) +
        sumOf(held, ({ overrun }) => overrun?.microUsd ?? 0),
      tokens:
        sumOf(paid, ({ settled, tokens }) => settled?.tokens.amount ?? tokens?.total ?? 0) +
        sumOf(held, ({ overrun }) => overrun?.tokens ?? 0),
    },
    reserved: {
      microUsd: sumOf(held, ({ reservation }) => reservation?.microUsd ?? 0),
      tokens: sumOf(held, ({ reservation }) => reservation?.tokens ?? 0),
    },
  }
}

const ALL = PROJECTS.map(projectStream)

export const projectFiguresContract = (make: MakeHarness): void => {
  describe('figures of projects', () => {
    const use = useStore(make)

    it('are what their tasks come to, and together their sum', async () => {
      const { store } = await use()
      const ask = await begin(store)
      const random = createRandom(20_261_130)
      for (let n = 0; n < 200; n += 1) {
        const stream = taskStream(PROJECTS[random(2)] as number, 1 + random(TASKS))
        await ask(stream, anyOf(random))
      }
      // So that something is held and something is open at the end as well.
      await ask(taskStream(8, 1), { type: 'reopen-task', reason: 'r' })
      for (const n of [1, 2, 3])
        for (const id of PROJECTS) {
          await ask(taskStream(id, n), { type: 'ready-task' })
          await ask(taskStream(id, n), claim('a1'))
        }
      const figures = await projectFigures(store, ALL)
      const tasks = await Promise.all(ALL.map((project) => store.projections.tasks(project)))
      for (const [index, project] of ALL.entries()) {
        expect(totalsOf([figures.get(project) ?? expect.fail()])).toEqual(counted(tasks[index] ?? []))
      }
      const all = totalsOf([...figures.values()])
      expect(all).toEqual(counted(tasks.flat()))
      // Or the law would be one about nothing.
      expect(counted(tasks[0] ?? []).spent.microUsd).toBeGreaterThan(0)
      expect(counted(tasks[1] ?? []).reserved.microUsd).toBeGreaterThan(0)
      expect(all.done).toBeGreaterThan(0)
      expect(await store.log.rebuild(fold)).toBe(0)
      expect(totalsOf([...(await projectFigures(store, ALL)).values()])).toEqual(all)
    })

    it('are nothing for projects without tasks, and for those that nobody knows', async () => {
      const { store } = await use()
      const figures = await projectFigures(store, [projectStream(9)])
      expect(totalsOf([...figures.values()])).toMatchObject({ tasks: 0, percent: null, spent: { microUsd: 0 } })
    })
  })
}

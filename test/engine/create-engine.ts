/** An engine over a real embedded store in memory, with a clock and ids that tests move themselves. */
import type { Actor } from '../../app/domain/actor.ts'
import type { StreamId } from '../../app/domain/event/envelope.ts'
import type { ProjectCommand } from '../../app/domain/project/project.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../app/domain/settings.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import type { Task } from '../../app/domain/task/state.ts'
import { handleCommand, type AnyCommand, type Engine, type Handled } from '../../app/engine/handle-command.ts'
import type { Clock, Ids } from '../../app/engine/ports.ts'
import { createSchemaJudge } from '../../app/outbound/json-schema/create-schema-judge.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { ALICE, claim, sha256 } from '../domain/given.ts'

export interface TestClock extends Clock {
  pass(ms: number): void
}

export const createClock = (start = 1_700_000_000_000): TestClock => {
  let now = start
  return {
    now: () => now,
    pass: (ms) => {
      now += ms
    },
  }
}

export const createIds = (): Ids => {
  let n = 0
  return { ulid: () => `01J${String((n += 1)).padStart(23, '0')}` }
}

export const PROJECT: StreamId = 'project/7'
export const task = (n: number): StreamId => `task/7/${n}`

export const OPEN_PROJECT: ProjectCommand = {
  type: 'open-project',
  repositoryId: 7,
  repositoryNodeId: 'R_7',
  repository: 'acme/widgets',
  installationId: 1,
  prefix: 'DEV',
}

export const createTestEngine = async (settings: Settings = DEFAULT_SETTINGS) => {
  const clock = createClock()
  const store = await createSqliteStore({ path: ':memory:', clock })
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    settingsOf: () => Promise.resolve(settings),
    schemas: createSchemaJudge(),
  }
  let asked = 0
  const ask = (stream: StreamId, command: AnyCommand, actor: Actor = ALICE, cause?: string): Promise<Handled> =>
    handleCommand(engine, { stream, command, actor, cause: cause ?? `test:${(asked += 1)}` })
  await ask(PROJECT, OPEN_PROJECT)
  const create = (n: number): TaskCommand => ({
    type: 'create-task',
    project: PROJECT,
    key: `DEV-${n}`,
    number: n,
    title: `Task ${n}`,
    priority: 'p2',
  })
  return {
    engine,
    store,
    clock,
    ask,
    /** A task that is ready to be claimed. */
    ready: async (n: number): Promise<void> => {
      await ask(task(n), create(n))
      await ask(task(n), { type: 'ready-task' })
    },
    claim: (n: number, owner = 'alice', actor: Actor = ALICE) => ask(task(n), claim(owner), actor),
    taskOf: async (n: number): Promise<Task> => {
      const found = await store.projections.task(task(n))
      if (found === null) throw new Error(`no task ${n}`)
      return found.task
    },
  }
}

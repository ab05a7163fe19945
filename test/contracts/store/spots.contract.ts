/** Tasks are found where their issue stands and where it stood, by number and by former key; a projection like the others. */
import { describe, expect, it } from 'vitest'
import { fold } from '../../../app/engine/fold.ts'
import { followTransfer } from '../../../app/engine/follow-transfer.ts'
import { handleCommand, type Engine } from '../../../app/engine/handle-command.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { ALICE, CREATE, sha256 } from '../../domain/given.ts'
import { createIds, OPEN_PROJECT, PROJECT } from '../../engine/create-engine.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const TASK = 'task/7/12'
const OTHER_PROJECT = {
  type: 'open-project',
  repositoryId: 8,
  repositoryNodeId: 'R_8',
  repository: 'acme/other',
  installationId: 1,
  prefix: 'OTH',
} as const

const traveller = async (store: Store) => {
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    schemas: createSchemaJudge(),
  }
  await handleCommand(engine, { stream: PROJECT, command: OPEN_PROJECT, actor: ALICE, cause: 's:1' })
  await handleCommand(engine, { stream: 'project/8', command: OTHER_PROJECT, actor: ALICE, cause: 's:2' })
  await handleCommand(engine, { stream: TASK, command: CREATE, actor: ALICE, cause: 's:3' })
  return engine
}

export const spotsContract = (make: MakeHarness): void => {
  describe('where issues stand', () => {
    const use = useStore(make)

    it('is known before and after a transfer, by number and by former key', async () => {
      const { store } = await use()
      const engine = await traveller(store)
      const { projections } = store
      const at = async (project: typeof PROJECT | 'project/8' | 'project/9', number: number) =>
        (await projections.taskAt(project, number))?.task.stream ?? null
      expect([await at(PROJECT, 12), await at('project/8', 3)]).toEqual([TASK, null])
      expect(await followTransfer(engine, TASK, { in: 'project', project: 'project/8', number: 3 })).toBe(true)
      expect([await at(PROJECT, 12), await at('project/8', 3), await at('project/8', 12)]).toEqual([TASK, TASK, null])
      const former = async (project: typeof PROJECT | 'project/8' | null, key: string) =>
        (await projections.tasksByFormerKey(project, key)).map(({ stream }) => stream)
      expect(await former(null, 'dev-12')).toEqual([TASK])
      expect([await former(PROJECT, 'DEV-12'), await former('project/8', 'DEV-12')]).toEqual([[TASK], []])
      // The key that it has now is no former one.
      expect(await former(null, 'OTH-3')).toEqual([])
      expect((await projections.taskByKey('project/8', 'OTH-3'))?.stream).toBe(TASK)
      expect(await projections.taskByKey(PROJECT, 'DEV-12')).toBeNull()
      expect([await projections.standing(PROJECT), await projections.standing('project/8')]).toEqual([
        {},
        { backlog: 1 },
      ])
      // Beyond reach it is found where it went, so that it can come back.
      await followTransfer(engine, TASK, { in: 'outside', repositoryId: 9, number: 77 })
      expect([await at('project/9', 77), await at('project/8', 3)]).toEqual([TASK, TASK])
    })

    it('is put right by a rebuild', async () => {
      const { harness, store } = await use()
      const engine = await traveller(store)
      await followTransfer(engine, TASK, { in: 'project', project: 'project/8', number: 3 })
      await harness.run('delete from spots')
      await harness.run(
        "insert into spots (project, number, stream, key) values ('project/8', 99, 'task/8/1', 'oth-99')",
      )
      expect(await store.projections.taskAt('project/8', 3)).toBeNull()
      expect(await store.log.rebuild(fold)).toBeGreaterThan(0)
      expect((await store.projections.taskAt('project/8', 3))?.task.stream).toBe(TASK)
      expect(await store.projections.taskAt('project/8', 99)).toBeNull()
      expect(await store.log.rebuild(fold)).toBe(0)
    })

    it('is one task only: who comes where another stands is lost, on record in the project that it left', async () => {
      const { store } = await use()
      const engine = await traveller(store)
      const there = { ...CREATE, project: 'project/8', key: 'OTH-3', number: 3 } as const
      await handleCommand(engine, { stream: 'task/8/3', command: there, actor: ALICE, cause: 's:4' })
      await followTransfer(engine, TASK, { in: 'project', project: 'project/8', number: 3 })
      const lost = await store.projections.task(TASK)
      expect(lost?.task).toMatchObject({ project: PROJECT, status: 'canceled', away: { repositoryId: 8, number: 3 } })
      expect((await store.projections.taskAt('project/8', 3))?.task.stream).toBe('task/8/3')
      expect((await store.log.read(PROJECT)).map(({ type }) => type)).toContain('task-left')
    })

    it('is noted once, however often the news comes and wherever it was interrupted', async () => {
      const { store } = await use()
      const engine = await traveller(store)
      const where = { in: 'project', project: 'project/8', number: 3 } as const
      await Promise.all([1, 2, 3].map(() => followTransfer(engine, TASK, where)))
      expect(await followTransfer(engine, TASK, where)).toBe(false)
      const types = async (stream: typeof TASK | typeof PROJECT | 'project/8') =>
        (await store.log.read(stream)).map(({ type }) => type).filter((type) => /moved|left|arrived/.test(type))
      expect([await types(TASK), await types(PROJECT), await types('project/8')]).toEqual([
        ['task-moved'],
        ['task-left'],
        ['task-arrived'],
      ])
    })
  })
}

/** Reads over the projections, the dump, rebuilding and importing. */
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { change, fold, sha256 } from '../history.ts'
import { playScript, SCRIPT_DUMP } from '../script.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const a: StreamId = 'task/1/1'
const b: StreamId = 'task/1/2'
const project: StreamId = 'project/1'

export const projectionsContract = (make: MakeHarness): void => {
  describe('projections', () => {
    const use = useStore(make)

    it('finds tasks by stream, key in any case, and project in order of number', async () => {
      const { store } = await use()
      for (const n of [10, 9, 2]) await change(store, `task/1/${n}`, `c${n}`, [{ title: `t${n}` }])
      await change(store, 'task/2/5', 'c5', [{}])
      expect(await store.projections.task('task/1/9')).toMatchObject({ version: 1, task: { title: 't9' } })
      expect(await store.projections.task('task/1/404')).toBeNull()
      expect(await store.projections.taskByKey(project, 'dev-10')).toMatchObject({ key: 'DEV-10', number: 10 })
      expect(await store.projections.taskByKey('project/2', 'DEV-10')).toBeNull()
      const numbers = (await store.projections.tasks(project)).map((task) => task.number)
      expect(numbers).toEqual([2, 9, 10])
    })

    it('finds projects by stream and by repository in any case, under its newest name', async () => {
      const { store } = await use()
      await change(store, project, 'c1', [{ repository: 'acme/Widgets' }])
      await change(store, 'project/2', 'c2', [{}])
      expect(await store.projections.project(project)).toMatchObject({ repositoryId: 1 })
      expect(await store.projections.task(project)).toBeNull()
      expect(await store.projections.projectByRepository('ACME/widgets')).toMatchObject({ repositoryId: 1 })
      await change(store, project, 'c3', [{ repository: 'acme/gadgets' }])
      expect(await store.projections.projectByRepository('acme/widgets')).toBeNull()
      expect((await store.projections.projects()).map((found) => found.repositoryId)).toEqual([1, 2])
      // Deleted and made again: the same name, a higher id.
      await change(store, 'project/3', 'c4', [{ repository: 'acme/gadgets' }])
      expect(await store.projections.projectByRepository('acme/gadgets')).toMatchObject({ repositoryId: 3 })
    })

    it('knows who depends on a task, and forgets it with the edge', async () => {
      const { store } = await use()
      await change(store, a, 'c1', [{}])
      await change(store, b, 'c2', [{ dependsOn: [a] }])
      await change(store, 'task/1/3', 'c3', [{ dependsOn: [b, a] }])
      expect(await store.projections.dependents(a)).toEqual([b, 'task/1/3'])
      await change(store, b, 'c4', [{ dependsOn: [] }])
      expect(await store.projections.dependents(a)).toEqual(['task/1/3'])
      expect(await store.projections.dependents(b)).toEqual(['task/1/3'])
    })

    it('lists streams whose lease or backoff is over, oldest first, each once', async () => {
      const { store, harness } = await use()
      const now = harness.now()
      const lease = (stream: StreamId, until: number) => ({ leases: [{ stream, fence: { epoch: 1, n: 1 }, until }] })
      await change(store, 'task/1/1', 'c1', [{ waitUntil: now + 300 }])
      await change(store, 'task/1/2', 'c2', [{}], lease('task/1/2', now + 100))
      await change(store, 'task/1/3', 'c3', [{ waitUntil: now + 250 }], lease('task/1/3', now + 200))
      await change(store, 'task/1/4', 'c4', [{}], lease('task/1/4', now + 9000))
      expect(await store.projections.due(10)).toEqual([])
      await harness.advance(300)
      expect(await store.projections.due(10)).toEqual(['task/1/2', 'task/1/3', 'task/1/1'])
      expect(await store.projections.due(2)).toEqual(['task/1/2', 'task/1/3'])
      await change(store, 'task/1/1', 'c5', [{ waitUntil: null }])
      expect(await store.projections.due(10)).toEqual(['task/1/2', 'task/1/3'])
    })

    it('dumps canonical JSON: the same history gives the same bytes on every store', async () => {
      const { store } = await use()
      await playScript(store)
      const dump = await store.projections.dump()
      expect(dump).toBe(SCRIPT_DUMP)
      expect(sha256(dump)).toBe(sha256(SCRIPT_DUMP))
    })

    it('leaves everything volatile out of the dump', async () => {
      const { store, harness } = await use()
      await playScript(store)
      const before = await store.projections.dump()
      await change(store, a, 'lease', [], {
        leases: [{ stream: a, fence: { epoch: 1, n: 1 }, until: harness.now() + 5 }],
        outbox: [{ key: 'k', kind: 'x', queue: null, payload: 1, dueAt: 0, lane: 'command' }],
        guards: [{ name: 'g', expectedVersion: 0 }],
      })
      await store.documents.put('cursor', 'k', 'v')
      await store.agentKeys.add({ hash: 'h'.repeat(64), agent: 'x', project })
      await store.leases.beat()
      expect(await store.projections.dump()).toBe(before)
    })
  })

  describe('rebuild', () => {
    const use = useStore(make)

    it('finds nothing to do where projections are as the events say', async () => {
      const { store } = await use()
      await playScript(store)
      expect(await store.log.rebuild(fold)).toBe(0)
    })

    it('puts back projections that were changed, deleted or made up, and counts them', async () => {
      const { store, harness } = await use()
      await playScript(store)
      const dump = await store.projections.dump()
      await harness.run(`update streams set state = '{}', version = 99 where stream = 'task/1/2'`)
      await harness.run(`delete from streams where stream = 'task/1/10'`)
      await harness.run(`delete from edges where stream = 'task/1/11'`)
      await harness.run(`insert into edges (stream, depends_on) values ('task/9/9', 'task/9/8')`)
      expect(await store.projections.dump()).not.toBe(dump)
      expect(await store.log.rebuild(fold)).toBe(4)
      expect(await store.projections.dump()).toBe(dump)
      expect(await store.log.rebuild(fold)).toBe(0)
      expect(await change(store, 'task/1/10', 'after', [{ title: 'goes on' }])).toEqual({ ok: true })
    })
  })
}

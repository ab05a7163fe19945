/** The order of ready work and what is counted beside it, as the append and a rebuild leave them. */
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { migrate, MIGRATIONS } from '../../../app/store/migrations/migrate.ts'
import { change, fold } from '../history.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const project: StreamId = 'project/1'

const order = async (store: Store, limit = 99): Promise<readonly StreamId[]> =>
  (await store.projections.ready(project, limit)).map(({ stream }) => stream)

export const readyOrderContract = (make: MakeHarness): void => {
  describe('ready work', () => {
    const use = useStore(make)

    it('stands in the order of its rank, then of its stream, for each project alone', async () => {
      const { store } = await use()
      await change(store, 'task/1/1', 'c1', [{ rank: 30 }])
      await change(store, 'task/1/2', 'c2', [{ rank: 10, requires: ['gpu', 'rust'] }])
      await change(store, 'task/1/3', 'c3', [{ rank: 30 }])
      await change(store, 'task/1/4', 'c4', [{ rank: -5 }])
      await change(store, 'task/2/1', 'c5', [{ rank: 1 }])
      await change(store, 'task/1/5', 'c6', [{ status: 'claimed', rank: null }])
      expect(await order(store)).toEqual(['task/1/4', 'task/1/2', 'task/1/1', 'task/1/3'])
      const [, second] = await store.projections.ready(project, 2)
      expect(second).toEqual({ stream: 'task/1/2', rank: 10, requires: ['gpu', 'rust'] })
      expect(await store.projections.ready(project, 2, second)).toEqual([
        { stream: 'task/1/1', rank: 30, requires: [] },
        { stream: 'task/1/3', rank: 30, requires: [] },
      ])
      const [first] = await store.projections.ready(project, 3, { stream: 'task/1/1', rank: 30, requires: [] })
      expect(first?.stream).toBe('task/1/3')
    })

    it('leaves the order with the change that takes it, and is put right by a rebuild', async () => {
      const { store, harness } = await use()
      await change(store, 'task/1/1', 'c1', [{ rank: 1 }])
      await change(store, 'task/1/2', 'c2', [{ rank: 2, requires: ['gpu'] }])
      await change(store, 'task/1/1', 'c3', [{ status: 'claimed', rank: null, owner: 'a1' }])
      expect(await order(store)).toEqual(['task/1/2'])
      await harness.run(`update streams set status = 'done', rank = null, requires = null, owner = null`)
      expect(await order(store)).toEqual([])
      expect(await store.log.rebuild(fold)).toBe(2)
      expect(await store.projections.ready(project, 9)).toEqual([{ stream: 'task/1/2', rank: 2, requires: ['gpu'] }])
      expect(await store.projections.standing(project)).toEqual({ claimed: 1, ready: 1 })
    })

    it('is in order also where an older version left it', async () => {
      const harness = await make()
      try {
        const database = await harness.openDatabase()
        await migrate(database, MIGRATIONS.slice(0, 2))
        const state = (status: string, over: object) =>
          JSON.stringify({ status, statusSince: 1000, priority: 'p0', lease: null, ...over })
        for (const [n, text] of [
          state('ready', { details: { requires: ['gpu'] } }),
          state('ready', { statusSince: 5 }),
          state('claimed', { lease: { owner: 'a1' } }),
        ].entries()) {
          await harness.run(`insert into streams (stream, version, head, state, kind, project, search, depends_on)
            values ('task/1/${n + 1}', 1, 'h', '${text}', 'task', '${project}', 'dev-${n + 1}', '[]')`)
        }
        const { projections } = await harness.open()
        expect(await projections.ready(project, 9)).toEqual([
          { stream: 'task/1/2', rank: 5, requires: [] },
          { stream: 'task/1/1', rank: 1000, requires: ['gpu'] },
        ])
        expect(await projections.standing(project)).toEqual({ ready: 2, claimed: 1 })
      } finally {
        await harness.close()
      }
    })

    it('is counted by where it stands', async () => {
      const { store } = await use()
      await change(store, project, 'p', [{}])
      for (const [n, status] of ['ready', 'waiting', 'waiting', 'blocked', 'done'].entries()) {
        await change(store, `task/1/${n + 1}`, `c${n}`, [{ status, rank: status === 'ready' ? 1 : null }])
      }
      await change(store, 'task/2/1', 'other', [{ rank: 1 }])
      expect(await store.projections.standing(project)).toEqual({ ready: 1, waiting: 2, blocked: 1, done: 1 })
    })
  })
}

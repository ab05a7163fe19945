/** Limits on how many leases are live at once: counted over the tasks themselves, never passed, at whatever concurrency. */
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { AppendResult, Cap, Store } from '../../../app/engine/ports.ts'
import { change } from '../history.ts'
import type { MakeHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

const cap = (most: number, over: Partial<Cap> = {}): Cap => ({
  of: 'project',
  name: 'wip:project/1',
  projects: ['project/1'],
  owner: null,
  most,
  ...over,
})

const take = (store: Store, stream: StreamId, owner: string, caps: readonly Cap[]): Promise<AppendResult> =>
  change(store, stream, `take-${stream}-${owner}`, [{ owner, status: 'claimed' }], { caps })

export const capsContract = (make: MakeHarness): void => {
  describe('caps', () => {
    const use = useStore(make)

    it('refuse the lease that is one too many, and write nothing of it', async () => {
      const { store } = await use()
      expect(await take(store, 'task/1/1', 'a', [cap(1)])).toEqual({ ok: true })
      expect(await take(store, 'task/1/2', 'a', [cap(1)])).toEqual({ ok: false, conflict: 'cap', cap: cap(1) })
      expect(await store.log.load('task/1/2')).toMatchObject({ version: 0 })
      expect(await store.log.findOutcome('take-task/1/2-a')).toBeNull()
      await change(store, 'task/1/1', 'back', [{ owner: null, status: 'ready' }])
      expect(await take(store, 'task/1/2', 'a', [cap(1)])).toEqual({ ok: true })
    })

    it('count one owner, one project or several, as they say', async () => {
      const { store } = await use()
      await take(store, 'task/1/1', 'a', [])
      await take(store, 'task/1/2', 'b', [])
      await take(store, 'task/2/1', 'a', [])
      const both = { of: 'workspace', name: 'wip:workspace/1', projects: ['project/1', 'project/2'] } as const
      const mine = cap(2, { of: 'agent', owner: 'a' })
      expect(await take(store, 'task/1/3', 'a', [mine, cap(3), cap(4, both)])).toEqual({ ok: true })
      expect(await take(store, 'task/1/4', 'a', [mine])).toMatchObject({ cap: { of: 'agent' } })
      expect(await take(store, 'task/1/4', 'c', [cap(3)])).toMatchObject({ cap: { of: 'project' } })
      expect(await take(store, 'task/1/4', 'c', [cap(4), cap(4, both)])).toMatchObject({ cap: { of: 'workspace' } })
    })

    it('are not passed by many who claim at once over several connections', async () => {
      const { store, harness } = await use()
      const stores = [store, await harness.open(), await harness.open()]
      const results = await Promise.all(
        Array.from({ length: 18 }, (_, n) =>
          take(stores[n % 3] as Store, `task/1/${n}`, `a${n % 2}`, [
            cap(7),
            cap(4, { of: 'agent', owner: `a${n % 2}` }),
          ]),
        ),
      )
      expect(results.filter(({ ok }) => ok)).toHaveLength(7)
      expect(await store.projections.standing('project/1')).toEqual({ claimed: 7 })
    })
  })
}

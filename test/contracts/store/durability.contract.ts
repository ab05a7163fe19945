/** What must survive: closing and opening, several processes at once, failing migrations. */
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import { migrate, MIGRATIONS } from '../../../app/store/migrations/migrate.ts'
import type { Migration } from '../../../app/store/migrations/migration.ts'
import { change, fold, sha256 } from '../history.ts'
import { playScript, SCRIPT_DUMP } from '../script.ts'
import { spawnChild } from '../spawn-child.ts'
import type { MakeHarness, StoreHarness } from '../store-harness.ts'
import { useStore } from './use-store.ts'

export const durabilityContract = (make: MakeHarness): void => {
  describe('a store that is opened again', () => {
    const use = useStore(make)

    it('has everything that was acknowledged', async () => {
      const { store, harness } = await use()
      await playScript(store)
      const fence = { epoch: 1, n: 1 }
      await change(store, 'task/1/2', 'more', [], {
        leases: [{ stream: 'task/1/2', fence, until: harness.now() + 500 }],
        guards: [{ name: 'g', expectedVersion: 0 }],
        outbox: [{ key: 'k', kind: 'x', queue: null, payload: [1], dueAt: 7, lane: 'command' }],
      })
      const delivery = { id: 'd', name: 'push', queue: 'q', order: 3, body: '{}', receivedAt: 1, notBefore: 2 }
      await store.inbox.put([delivery])
      await store.documents.put('kind', 'key', 'value')
      await store.close()

      const again = await harness.open()
      expect(await again.projections.dump()).toBe(SCRIPT_DUMP)
      expect((await again.log.load('task/1/2')).leaseUntil).toBe(harness.now() + 500)
      expect(await again.log.findOutcome('more')).toMatchObject({ ok: true })
      expect(await again.log.guardVersion('g')).toBe(1)
      expect(await again.outbox.pending()).toEqual({ count: 1, oldestDueAt: 7 })
      expect(await again.inbox.take(5, 1000)).toEqual([{ ...delivery, tries: 1 }])
      expect(await again.documents.get('kind', 'key')).toBe('value')
    })

    it('refuses work once closed, and may be closed twice', async () => {
      const { store } = await use()
      await store.close()
      await store.close()
      await expect(store.log.load('task/1/1')).rejects.toMatchObject({ code: 'closed', retryable: false })
      await expect(change(store, 'task/1/1', 'c', [])).rejects.toMatchObject({ code: 'closed' })
    })
  })

  describe('several processes', () => {
    const harnesses: StoreHarness[] = []
    afterEach(async () => {
      for (const harness of harnesses.splice(0)) await harness.close()
    })
    const fresh = async (): Promise<StoreHarness> => {
      const harness = await make()
      harnesses.push(harness)
      return harness
    }

    it('may open an empty database at the same moment', async () => {
      const harness = await fresh()
      const children = Array.from({ length: 4 }, (_, n) => spawnChild(harness.place, 'open', `p${n}`))
      for (const child of children) {
        expect(await child.ended).toBe(0)
        expect(child.lines).toEqual(['open'])
      }
      const store = await harness.open()
      expect(await change(store, 'task/1/1', 'c', [{}])).toEqual({ ok: true })
    })

    it('append to shared streams without losing anything', async () => {
      const harness = await fresh()
      const EACH = 15
      const children = ['a', 'b', 'c'].map((name) => spawnChild(harness.place, 'append', name, EACH))
      for (const child of children) expect(await child.ended).toBe(0)
      const store = await harness.open()
      const events = await store.log.read('project/1')
      expect(events).toHaveLength(3 * EACH)
      expect(new Set(events.map((event) => event.cause)).size).toBe(3 * EACH)
      expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
      expect((await store.outbox.pending()).count).toBe(3 * EACH)
      expect(await store.log.rebuild(fold)).toBe(0)
    })
  })

  describe('migrations', () => {
    const use = useStore(make)

    it('run once each, in order, and a failing one leaves nothing behind', async () => {
      const { harness } = await use()
      const database = await harness.openDatabase()
      const second: Migration = {
        name: '9998-second',
        up: async (db) => void (await sql`create table second (n integer)`.execute(db)),
      }
      const failing: Migration = {
        name: '9999-failing',
        up: async (db) => {
          await sql`create table third (n integer)`.execute(db)
          await sql`create table nonsense (`.execute(db)
        },
      }
      expect(await migrate(database)).toEqual([])
      await expect(migrate(database, [...MIGRATIONS, second, failing])).rejects.toThrow()
      for (const table of ['second', 'third']) await expect(harness.run(`select 1 from ${table}`)).rejects.toThrow()
      expect(await migrate(database, [...MIGRATIONS, second])).toEqual(['9998-second'])
      expect(await migrate(database, [...MIGRATIONS, second])).toEqual([])
    })

    it('refuse a database that a newer version has used', async () => {
      const { harness } = await use()
      await harness.run(`insert into migrations (name, at) values ('8888-future', 1)`)
      await expect(harness.open()).rejects.toMatchObject({
        code: 'too-new',
        message: expect.stringContaining('8888-future') as string,
      })
    })
  })
}

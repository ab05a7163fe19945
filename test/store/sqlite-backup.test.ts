/** Backups of the embedded database: consistent copies that open like the original, never over something older. */
import { existsSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { change } from '../contracts/history.ts'
import { playScript, SCRIPT_DUMP } from '../contracts/script.ts'
import { useStore } from '../contracts/store/use-store.ts'
import { makeSqliteHarness } from '../contracts/store-harness.ts'

const clock = { now: () => 0 }

describe('a backup', () => {
  const use = useStore(makeSqliteHarness)

  it('opens with what was there when it was made', async () => {
    const { store, harness } = await use()
    const copy = `${'sqlite' in harness.place ? harness.place.sqlite : ''}.copy`
    await playScript(store)
    await store.backup(copy)
    await change(store, 'task/1/2', 'after', [{ title: 'later' }])
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    const backup = await createSqliteStore({ path: copy, clock })
    expect(await backup.projections.dump()).toBe(SCRIPT_DUMP)
    await backup.close()
  })

  it('is refused over an existing file and into a missing folder', async () => {
    const { store, harness } = await use()
    const path = 'sqlite' in harness.place ? harness.place.sqlite : ''
    await expect(store.backup(path)).rejects.toMatchObject({ code: 'backup' })
    await expect(store.backup(`${path}/no/folder`)).rejects.toMatchObject({ code: 'backup' })
    expect(existsSync(path)).toBe(true)
  })

  it('is not needed in memory: that store opens empty and works', async () => {
    const store = await createSqliteStore({ path: ':memory:', clock })
    await playScript(store)
    expect(await store.projections.dump()).toBe(SCRIPT_DUMP)
    await store.close()
  })
})

/** Backups of the embedded database: consistent copies that open like the original, never over something older. */
import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { change } from '../contracts/history.ts'
import { spawnChild } from '../contracts/spawn-child.ts'
import { playScript, SCRIPT_DUMP } from '../contracts/script.ts'
import { useStore } from '../contracts/store/use-store.ts'
import { makeSqliteHarness } from '../contracts/store-harness.ts'
import { assertIntegrity } from './assert-integrity.ts'

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

  it('put in the place of a database whose process was killed, is what opens, and not a mixture', async () => {
    const harness = await makeSqliteHarness()
    const path = 'sqlite' in harness.place ? harness.place.sqlite : ''
    const store = await harness.open()
    await playScript(store)
    await store.backup(`${path}.copy`)
    await store.close()
    const child = spawnChild(harness.place, 'until-killed', 'later')
    await child.reach(30)
    child.kill()
    await child.ended
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)

    copyFileSync(`${path}.copy`, path)
    const restored = await harness.open()
    expect(await restored.projections.dump()).toBe(SCRIPT_DUMP)
    expect(await restored.inbox.pending()).toBe(0)
    await change(restored, 'task/1/2', 'goes on', [{ title: 'later' }])
    assertIntegrity(harness)

    // From now on the log beside it is its own: a second kill loses nothing.
    const again = spawnChild(harness.place, 'until-killed', 'again')
    await again.reach(10)
    again.kill()
    await again.ended
    const last = await harness.open()
    for (const line of again.lines.filter((line) => line.startsWith('append '))) {
      expect(await last.log.findOutcome(line.slice('append '.length))).toMatchObject({ ok: true })
    }
    expect(await last.log.findOutcome('goes on')).toMatchObject({ ok: true })
    assertIntegrity(harness)
    await harness.close()
  })

  it('may be opened by several processes at the same moment', async () => {
    const { store, harness } = await use()
    const path = 'sqlite' in harness.place ? harness.place.sqlite : ''
    await playScript(store)
    await store.backup(`${path}.copy`)
    writeFileSync(`${path}.copy-wal`, 'of some other database')
    const children = ['a', 'b', 'c'].map((name) => spawnChild({ sqlite: `${path}.copy` }, 'append', name, 5))
    for (const child of children) expect(await child.ended).toBe(0)
    const copy = await createSqliteStore({ path: `${path}.copy`, clock })
    expect(await copy.log.read('project/1')).toHaveLength(1 + 15)
    await copy.close()
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

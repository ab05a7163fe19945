/** A database belongs to one GitHub: that of an earlier sandbox makes room, that of GitHub itself is never moved. */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enterWorld } from '../../app/store/enter-world.ts'
import { makeFolder } from '../../app/store/make-folder.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { readWorld } from '../../app/store/sqlite/world-mark.ts'
import { createClock } from '../engine/create-engine.ts'

const HERE = 41
const ELSEWHERE = 42

let dir = ''
let path = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-world-'))
  path = join(dir, 'muster.db')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (file = path) => createSqliteStore({ path: file, clock: createClock() })
const enter = (world: number, others: 'set-aside' | 'refuse' = 'set-aside', dataDir = dir) =>
  enterWorld({ databaseUrl: null, dataDir }, world, others)
const document = async (file = path): Promise<string | null> => {
  const store = await open(file)
  const found = await store.documents.get('test', 'it')
  await store.close()
  return found
}
const leave = async (text: string): Promise<void> => {
  const store = await open()
  await store.documents.put('test', 'it', text)
  await store.close()
}

describe('entering the world of a sandbox', () => {
  it('marks a new database and lets the same sandbox in again', async () => {
    expect(await enter(HERE)).toBe(null)
    await leave('kept')
    expect(await enter(HERE)).toBe(null)
    expect(await enter(HERE, 'refuse')).toBe(null)
    expect(await document()).toBe('kept')
  })

  it('sets the data of another one aside and starts empty; of several the newest stays', async () => {
    for (const world of [HERE, ELSEWHERE, HERE]) {
      await enter(world)
      expect(await document()).toBe(null)
      await leave(`of ${world}`)
    }
    expect(await document(join(dir, 'earlier', 'muster.db'))).toBe(`of ${ELSEWHERE}`)
    expect(await document()).toBe(`of ${HERE}`)
  })

  it('says where the earlier data lies, or refuses to work on it', async () => {
    await enter(HERE)
    await leave('kept')
    await expect(enter(ELSEWHERE, 'refuse')).rejects.toThrow(/earlier sandbox: start the App there/)
    expect(await document()).toBe('kept')
    expect(await enter(ELSEWHERE)).toContain(join(dir, 'earlier'))
  })

  it('moves nothing that somebody works on', async () => {
    await enter(HERE)
    const store = await open()
    await store.startWorking()
    await store.documents.put('test', 'it', 'kept')
    await expect(enter(ELSEWHERE)).rejects.toThrow(/Another App works on/)
    expect(existsSync(join(dir, 'earlier'))).toBe(false)
    expect(await store.documents.get('test', 'it')).toBe('kept')
    await store.close()
  })

  it('never touches the data of GitHub itself, nor gives GitHub that of a sandbox', async () => {
    expect(await enter(0)).toBe(null)
    expect(existsSync(path)).toBe(false)
    await leave('real')
    expect(await enter(0)).toBe(null)
    await expect(enter(HERE)).rejects.toThrow(/no sandbox's: choose another folder/)
    expect(await document()).toBe('real')
    const other = join(dir, 'other')
    await enter(HERE, 'set-aside', other)
    await expect(enter(0, 'set-aside', other)).rejects.toThrow(/not GitHub's: choose another folder/)
  })

  it('goes with a backup, also when it is put in the place of a database', async () => {
    await enter(HERE)
    await leave('backed up')
    const store = await open()
    await store.backup(join(dir, 'copy.db'))
    await store.close()
    rmSync(path)
    copyFileSync(join(dir, 'copy.db'), path)
    expect(await readWorld(path)).toBe(HERE)
    expect(await enter(HERE)).toBe(null)
    expect(await document()).toBe('backed up')
  })

  it('leaves a file that is no database to those who open it', async () => {
    writeFileSync(path, 'no database, but long enough to look like one at first sight '.repeat(20))
    expect(await enter(HERE)).toBe(null)
    await expect(open()).rejects.toThrow(/not an intact database/)
  })
})

it('the files of a database are for their owner, also in an open folder and from before', async () => {
  chmodSync(dir, 0o755)
  writeFileSync(path, '', { mode: 0o644 })
  const store = await open()
  await store.startWorking()
  await store.documents.put('test', 'it', 'x')
  const modes = readdirSync(dir).map((file) => [file, statSync(join(dir, file)).mode & 0o777])
  expect(modes.map(([file]) => file)).toEqual(
    expect.arrayContaining(['muster.db', 'muster.db-wal', 'muster.db.worker']),
  )
  expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([])
  await store.close()
})

describe('a folder', () => {
  it('is made with those above it, for its owner, and is left as it is when it is there', () => {
    const deep = join(dir, 'a', 'b', 'c')
    makeFolder(deep)
    expect(statSync(deep).mode & 0o777).toBe(0o700)
    chmodSync(deep, 0o755)
    makeFolder(deep)
    expect(statSync(deep).mode & 0o777).toBe(0o755)
  })

  it('is not waited for where none can be made', () => {
    writeFileSync(path, '')
    for (const place of [path, join(path, 'below'), '/proc/none', '/proc/none/below']) {
      expect(() => makeFolder(place)).toThrow(/E[A-Z]+:/)
    }
  })
})

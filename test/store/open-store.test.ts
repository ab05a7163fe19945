/** Choosing and opening a store: what goes wrong is one clear line that says what to do and holds no password. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore, SQLITE_FILE } from '../../app/store/open-store.ts'
import { isNetworkFilesystem } from '../../app/store/sqlite/local-disk.ts'
import { StoreFault } from '../../app/store/store-fault.ts'
import { canTestPostgres, postgresUrl } from '../contracts/postgres-server.ts'
import { change } from '../contracts/history.ts'
import { makePostgresHarness } from '../contracts/store-harness.ts'

const PASSWORD = 'hunter2-geheim'
const clock = { now: () => Date.UTC(2026, 0, 5) }

const faultOf = async (opening: Promise<unknown>): Promise<StoreFault> => {
  const error: unknown = await opening.then(
    () => new Error('it opened'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof StoreFault)) throw error
  expect(error.message).not.toContain('\n')
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD)
  return error
}

describe('openStore', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'muster-open-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  const open = (databaseUrl: string | null, dataDir = dir) => openStore({ databaseUrl, dataDir, clock })

  it('makes the data directory and keeps it to itself', async () => {
    const dataDir = join(dir, 'a', 'b')
    const store = await open(null, dataDir)
    await change(store, 'task/1/1', 'c', [{}])
    await store.close()
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(existsSync(join(dataDir, SQLITE_FILE))).toBe(true)
  })

  it('says so when the data directory cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '')
    expect(await faultOf(open(null, join(dir, 'file', 'data')))).toMatchObject({ code: 'bad-place' })
  })

  it('says so when the file is not a database, and leaves it as it is', async () => {
    writeFileSync(join(dir, SQLITE_FILE), 'something else entirely, long enough to be read as a header')
    expect(await faultOf(open(null))).toMatchObject({
      code: 'corrupt',
      retryable: false,
      message: expect.stringContaining('restore') as string,
    })
  })

  it('says so when the path of the file is taken by a folder', async () => {
    const store = await open(null, join(dir, SQLITE_FILE, 'deeper'))
    await store.close()
    chmodSync(join(dir, SQLITE_FILE), 0o700)
    expect(await faultOf(open(null))).toMatchObject({ code: 'bad-place' })
  })

  it('refuses network file systems', () => {
    const types = { nfs: 0x6969, cifs: 0xff534d42, ext4: 0xef53, tmpfs: 0x01021994, overlay: 0x794c7630 }
    const network = Object.entries(types).filter(([, type]) => isNetworkFilesystem(type))
    expect(network.map(([name]) => name)).toEqual(['nfs', 'cifs'])
  })

  it('says so when nobody listens at the database URL', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => server.close(resolve))
    const fault = await faultOf(open(`postgres://me:${PASSWORD}@127.0.0.1:${port}/muster`))
    expect(fault).toMatchObject({ code: 'unreachable', retryable: true })
    expect(fault.message).toBe(
      `Postgres at 127.0.0.1:${port}/muster does not answer (ECONNREFUSED): check that it runs and that DATABASE_URL is right.`,
    )
  })

  it('says so when the server ends the connection without a word', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const fault = await faultOf(open(`postgres://me:${PASSWORD}@127.0.0.1:${port}/muster`))
    await new Promise((resolve) => server.close(resolve))
    expect(fault).toMatchObject({ code: 'unreachable', retryable: true })
  })

  it('says so when the database URL cannot be read', async () => {
    const fault = await faultOf(open(`postgres://me:${PASSWORD}@[bad/muster`))
    expect(fault).toMatchObject({ code: 'unreachable', retryable: false })
    expect(fault.message).toContain('postgres://user:password@host:5432/database')
  })

  it.skipIf(!canTestPostgres())('says so when the server has no such database', async () => {
    const url = (await postgresUrl()).replace('/postgres?', '/nowhere?')
    const fault = await faultOf(open(url))
    expect(fault).toMatchObject({ code: 'unreachable', retryable: false })
    expect(fault.message).toContain('createdb')
  })

  it.skipIf(!canTestPostgres())('points to pg_dump when a Postgres is to be backed up', async () => {
    const harness = await makePostgresHarness()
    const fault = await faultOf((await harness.open()).backup('/tmp/copy.dump'))
    expect(fault).toMatchObject({ code: 'backup', message: expect.stringContaining('pg_dump') as string })
    await harness.close()
  })
})

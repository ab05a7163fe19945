import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { createClock } from '../engine/create-engine.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-sole-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = () => createSqliteStore({ path: join(dir, 'muster.db'), clock: createClock() })

it('lets one process work on an embedded database at a time', async () => {
  const first = await open()
  const second = await open()
  expect(await first.startWorking()).toBe(true)
  expect(await first.startWorking()).toBe(true)
  expect(await second.startWorking()).toBe(false)
  await first.close()
  expect(await second.startWorking()).toBe(true)
  await second.close()
})

it('frees what the one before had claimed', async () => {
  const dead = await open()
  await dead.startWorking()
  const at = createClock().now()
  const delivery = { id: 'delivery-1', name: 'push', queue: 'q', order: 0, body: '{}', receivedAt: at, notBefore: at }
  await dead.inbox.put([delivery])
  await dead.outbox.put([{ key: 'k', kind: 'k', queue: null, payload: {}, dueAt: at, lane: 'result' }])
  expect(await dead.inbox.take(5, 60_000)).toHaveLength(1)
  expect(await dead.outbox.take(5, 60_000)).toHaveLength(1)
  await dead.close()

  const next = await open()
  expect(await next.inbox.take(5, 60_000)).toHaveLength(0)
  await next.startWorking()
  expect(await next.inbox.take(5, 60_000)).toHaveLength(1)
  expect(await next.outbox.take(5, 60_000)).toHaveLength(1)
  await next.close()
})

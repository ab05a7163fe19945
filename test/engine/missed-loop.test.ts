/** What was missed stays to be looked for until a look has gone through, however often the App starts and dies meanwhile. */
import { afterEach, expect, test, vi } from 'vitest'
import type { Log } from '../../app/engine/log.ts'
import { createMissedLoop, type MissedLoop } from '../../app/engine/missed-loop.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { createClock } from './create-engine.ts'

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const THREE_DAYS = 3 * 24 * 3_600_000

const loops: MissedLoop[] = []
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()))
})

test('a life that ends before its look leaves the outage to the next one', async () => {
  const clock = createClock()
  const { documents } = await createSqliteStore({ path: ':memory:', clock })
  const life = async (lastAlive: number | null, look: (since: number) => Promise<number>) => {
    const loop = createMissedLoop({ look, documents, clock, log: SILENT })
    loops.push(loop)
    await loop.since(lastAlive)
    loop.start()
    return loop
  }
  const outage = clock.now()
  clock.pass(3_600_000)

  const broken = vi.fn(() => Promise.reject(new Error('GitHub is away')))
  const first = await life(outage, broken)
  await vi.waitFor(() => expect(broken).toHaveBeenCalledWith(outage))
  await first.stop()

  // The first life was alive a moment ago, and yet nobody has looked.
  clock.pass(10_000)
  const look = vi.fn(() => Promise.resolve(0))
  const second = await life(clock.now() - 1000, look)
  await vi.waitFor(() => expect(look).toHaveBeenCalledWith(outage))
  clock.pass(5_000)
  second.wake()
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(2))
  const looked = clock.now()
  await second.stop()

  clock.pass(60_000)
  const later = vi.fn(() => Promise.resolve(0))
  await life(clock.now(), later)
  await vi.waitFor(() => expect(later).toHaveBeenCalledWith(looked))
})

test('a first life that ends before it has begun to work is an earlier life to the next one', async () => {
  const clock = createClock()
  const { documents } = await createSqliteStore({ path: ':memory:', clock })
  const opened = clock.now()
  await createMissedLoop({ look: () => Promise.resolve(0), documents, clock, log: SILENT }).open()
  clock.pass(10_000)

  const look = vi.fn(() => Promise.resolve(0))
  const next = createMissedLoop({ look, documents, clock, log: SILENT })
  loops.push(next)
  await next.open()
  await next.since(null)
  next.start()
  await vi.waitFor(() => expect(look).toHaveBeenCalledWith(opened - THREE_DAYS))
})

test('the very first life looks at once for what GitHub could not deliver before it', async () => {
  const clock = createClock()
  const { documents } = await createSqliteStore({ path: ':memory:', clock })
  const look = vi.fn(() => Promise.resolve(0))
  const first = createMissedLoop({ look, documents, clock, log: SILENT })
  loops.push(first)
  await first.open()
  await first.since(null)
  first.start()
  await vi.waitFor(() => expect(look).toHaveBeenCalledWith(clock.now() - THREE_DAYS))
})

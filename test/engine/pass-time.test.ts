/** Leases run out by the silence of their holders, never by ours. */
import { expect, it } from 'vitest'
import { heartbeat } from '../../app/engine/heartbeat.ts'
import { passTime } from '../../app/engine/pass-time.ts'
import { ALICE } from '../domain/given.ts'
import { createTestEngine, task } from './create-engine.ts'

const MINUTE = 60_000

/** Somebody works on a task, and time passes each second or so. */
const given = async () => {
  const test = await createTestEngine()
  await test.ready(1)
  await test.claim(1)
  await passTime(test.engine)
  const live = async (minutes: number): Promise<void> => {
    for (let n = 0; n < minutes; n += 1) {
      test.clock.pass(MINUTE)
      await passTime(test.engine)
    }
  }
  return { ...test, live, statusOf: async () => (await test.taskOf(1)).status }
}

it('a holder who is silent for the whole time to live loses the lease', async () => {
  const { live, statusOf } = await given()
  await live(29)
  expect(await statusOf()).toBe('claimed')
  await live(1)
  expect(await statusOf()).toBe('ready')
})

it('nobody loses a lease for the time in which nobody could hear them, and everybody has a full term from then on', async () => {
  const { engine, clock, live, statusOf } = await given()
  await live(20)
  // The machine sleeps, or the database is away.
  clock.pass(8 * 60 * MINUTE)
  expect(await passTime(engine)).toBe(0)
  expect(await statusOf()).toBe('claimed')
  await live(29)
  expect(await heartbeat(engine, task(1), null, ALICE)).toMatchObject({ ok: true })
  await live(30)
  expect(await statusOf()).toBe('ready')
})

it('a replica that was there meanwhile keeps the time, also for one that was not', async () => {
  const { engine, store, clock, statusOf } = await given()
  for (let n = 0; n < 31; n += 1) {
    clock.pass(MINUTE)
    await store.leases.beat()
  }
  expect(await passTime(engine)).toBe(1)
  expect(await statusOf()).toBe('ready')
})

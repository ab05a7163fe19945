/** Heartbeats: events of news only, and words for the holder. */
import { describe, expect, it } from 'vitest'
import { heartbeat, type Said } from '../../app/engine/heartbeat.ts'
import { tickDue } from '../../app/engine/tick.ts'
import { AGENT, ALICE } from '../domain/given.ts'
import { createTestEngine, task } from './create-engine.ts'

const fence = { epoch: 1, n: 1 }
const nothing: Said = { percent: null, text: null, phase: null }

const given = async () => {
  const test = await createTestEngine()
  await test.ready(1)
  await test.claim(1, 'a1', AGENT)
  return {
    ...test,
    beat: (said: Partial<Said> = {}, actor = AGENT) =>
      heartbeat(test.engine, task(1), fence, actor, { ...nothing, ...said }),
    types: async () => (await test.store.log.read(task(1))).map(({ type }) => type).slice(3),
  }
}

describe('a heartbeat', () => {
  it('is an event the first time, so that who was heard of is known for good, and none later', async () => {
    const { beat, types, taskOf, clock } = await given()
    await Promise.all([beat(), beat()])
    clock.pass(60_000)
    expect(await beat()).toEqual({ ok: true, until: clock.now() + 1_800_000, signals: {} })
    expect(await types()).toEqual(['attempt-started'])
    expect((await taskOf(1)).status).toBe('in_progress')
  })

  it('tells an agent that never began from one that was lost on the way', async () => {
    const crashed = await given()
    crashed.clock.pass(1_800_000)
    await tickDue(crashed.engine)
    expect(await crashed.taskOf(1)).toMatchObject({ status: 'ready', strikes: 1 })
    const lost = await given()
    await lost.beat()
    lost.clock.pass(1_800_000)
    await tickDue(lost.engine)
    expect(await lost.taskOf(1)).toMatchObject({ status: 'ready', strikes: 0 })
  })

  it('says how far the work is, once for each change, and leaves alone what it does not say', async () => {
    const { beat, types, taskOf } = await given()
    await beat({ percent: 10, text: '1 of 8 files', phase: 'reading' })
    await beat({ percent: 10, text: '1 of 8 files', phase: 'reading' })
    await beat()
    await beat({ percent: 40 })
    await beat({ percent: 10 })
    expect(await types()).toEqual([
      'attempt-started',
      'phase-entered',
      'progress-reported',
      'progress-reported',
      'progress-reported',
    ])
    expect((await taskOf(1)).details).toMatchObject({
      phase: { name: 'reading' },
      progress: { percent: 10, text: '1 of 8 files' },
    })
  })

  it('says nothing for somebody else', async () => {
    const { beat, types } = await given()
    expect(await beat({ percent: 90 }, ALICE)).toMatchObject({ ok: false, rejection: { code: 'not-the-holder' } })
    expect(await types()).toEqual([])
  })
})

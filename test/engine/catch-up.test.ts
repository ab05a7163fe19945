import { expect, test } from 'vitest'
import { catchUp, type CaughtUp } from '../../app/engine/catch-up.ts'
import { createTestEngine, PROJECT } from './create-engine.ts'

const epochAfter = async (streams: CaughtUp['streams']): Promise<number | undefined> => {
  const { engine, store } = await createTestEngine()
  const project = (await store.projections.project(PROJECT)) ?? expect.fail('no project')
  const report = { streams, epoch: 3 }
  expect(await catchUp(engine, project, () => Promise.resolve(report))).toBe(report)
  return (await store.projections.project(PROJECT))?.epoch
}

test('importing what follows keeps the epoch: nothing was lost', async () => {
  expect(await epochAfter([{ outcome: 'imported' }, { outcome: 'same' }])).toBe(1)
})

test('a gap raises the epoch above every one seen', async () => {
  expect(await epochAfter([{ outcome: 'imported' }, { outcome: 'gap' }])).toBe(4)
})

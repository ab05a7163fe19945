import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../app/domain/settings.ts'
import { simulateProject } from '../../app/engine/simulate.ts'
import { fail } from '../domain/given.ts'
import { createTestEngine, PROJECT, task } from './create-engine.ts'

it('looks at every task of a project, in the order of time, and changes nothing', async () => {
  const { store, ready, claim, ask, clock } = await createTestEngine()
  for (const n of [2, 1]) {
    await ready(n)
    await claim(n)
    clock.pass(1_000)
    await ask(task(n), fail())
  }
  const before = await store.projections.dump()
  expect(await simulateProject(store, PROJECT, DEFAULT_SETTINGS)).toEqual({ looked: 4, divergences: [], cut: [] })
  const strict = { ...DEFAULT_SETTINGS, retry: { ...DEFAULT_SETTINGS.retry, maxAttempts: 1 } }
  const { divergences } = await simulateProject(store, PROJECT, strict)
  expect(divergences.map(({ key, event }) => [key, event])).toEqual([
    ['DEV-2', 'attempt-failed'],
    ['DEV-1', 'attempt-failed'],
  ])
  expect(await store.projections.dump()).toBe(before)
})

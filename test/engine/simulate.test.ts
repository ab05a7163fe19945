import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../app/domain/settings.ts'
import { simulateProject } from '../../app/engine/simulate.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import { budgeted, succeed, usd, USD } from '../domain/budget/money.ts'
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

it('knows what attempts had usually taken by then, and not what they took later', async () => {
  const settings = budgeted({ task: usd(8) })
  const { store, ready, claim, ask, clock } = await createTestEngine(settings)
  const attempt = async (n: number, end: TaskCommand): Promise<void> => {
    await ready(n)
    await claim(n)
    clock.pass(1_000)
    await ask(task(n), end)
    clock.pass(1_000)
  }
  await attempt(1, succeed(5 * USD))
  await attempt(2, fail({ costMicroUsd: 5 * USD }))
  // Three dollars are left of eight, and an attempt takes five.
  expect((await store.projections.task(task(2)))?.task.status).toBe('needs_human')
  for (const n of [3, 4, 5]) await attempt(n, succeed(USD))
  expect((await simulateProject(store, PROJECT, settings)).divergences).toEqual([])
  expect((await simulateProject(store, PROJECT, budgeted({ task: usd(20) }))).divergences).toMatchObject([
    { key: 'DEV-2', event: 'attempt-failed', would: { events: [{ type: 'task-held' }] } },
  ])
})

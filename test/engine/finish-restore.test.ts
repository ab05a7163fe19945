import { expect, test } from 'vitest'
import { finishRestores, noteRestore, type RestoreNote } from '../../app/engine/finish-restore.ts'
import { createTestEngine, OPEN_PROJECT, PROJECT, task } from './create-engine.ts'

const NOTE: RestoreNote = {
  project: PROJECT,
  id: 'r1',
  epoch: 4,
  reopen: null,
  findings: [{ what: 'record', detail: 'issue 13: its record is gone' }],
}

test('the first start after a restore pauses, raises the epoch above every one seen, and puts findings on record', async () => {
  const { engine, store, ready, claim } = await createTestEngine()
  await ready(1)
  await noteRestore(store.documents, NOTE)
  expect(await finishRestores(engine)).toEqual([PROJECT])
  expect(await store.projections.project(PROJECT)).toMatchObject({
    epoch: 5,
    paused: expect.stringContaining('restored'),
  })
  expect((await store.log.read(PROJECT)).at(-1)?.type).toBe('project-tampering-found')
  expect((await claim(1)).outcome).toMatchObject({ ok: false, rejection: { code: 'project-paused' } })
})

test('it happens once, also when the start broke off half-way', async () => {
  const { engine, store } = await createTestEngine()
  await noteRestore(store.documents, NOTE)
  await finishRestores(engine)
  const { version } = await store.log.load(PROJECT)
  expect(await finishRestores(engine)).toEqual([])
  await noteRestore(store.documents, NOTE)
  await finishRestores(engine)
  expect((await store.log.load(PROJECT)).version).toBe(version)
})

test('a fence from before the restore is void after it', async () => {
  const { engine, store, ready, claim, ask } = await createTestEngine()
  await ready(1)
  await claim(1)
  const before = (await store.projections.task(task(1)))?.task.fence
  await ask(task(1), { type: 'release-task', fence: null, reason: 'x' })
  await noteRestore(store.documents, NOTE)
  await finishRestores(engine)
  await ask(PROJECT, { type: 'resume-project', reason: 'looked at' })
  await claim(1)
  expect(before?.epoch).toBe(1)
  expect((await store.projections.task(task(1)))?.task.fence.epoch).toBe(5)
})

test('a project whose page was lost is opened anew', async () => {
  const { engine, store } = await createTestEngine()
  const { type: _, ...reopen } = { ...OPEN_PROJECT, type: 'open-project' as const }
  const lost = {
    ...(reopen as NonNullable<RestoreNote['reopen']>),
    repositoryId: 9,
    repositoryNodeId: 'R_9',
    repository: 'acme/other',
  }
  await noteRestore(store.documents, { ...NOTE, project: 'project/9', reopen: lost })
  await finishRestores(engine)
  expect(await store.projections.project('project/9')).toMatchObject({ repository: 'acme/other', epoch: 5 })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StoredEvent } from '../../../app/domain/event/envelope.ts'
import { fold } from '../../../app/engine/fold.ts'
import { finishRestores } from '../../../app/engine/finish-restore.ts'
import { flushCommand } from '../../../app/inbound/cli/flush.ts'
import { replayCommand } from '../../../app/inbound/cli/replay.ts'
import { renderResult } from '../../../app/inbound/cli/result.ts'
import { restoreCommand } from '../../../app/inbound/cli/restore.ts'
import { resumeCommand } from '../../../app/inbound/cli/resume.ts'
import { backupCommand, dumpCommand, rebuildCommand } from '../../../app/inbound/cli/store-commands.ts'
import { verifyCommand } from '../../../app/inbound/cli/verify.ts'
import { SET_APART } from '../../../schemas/set-apart.ts'
import { createSqliteStore } from '../../../app/store/sqlite/create-sqlite-store.ts'
import type { RestoreReport } from '../../../schemas/restore-report.ts'
import { sha256 } from '../../domain/given.ts'
import { createClock, createTestEngine, PROJECT, task } from '../../engine/create-engine.ts'

const REPORT: RestoreReport = {
  repository: 'acme/widgets',
  project: PROJECT,
  streams: [
    { stream: PROJECT, outcome: 'imported', rev: 2, from: 0 },
    { stream: task(1), outcome: 'imported', rev: 4, from: 0 },
    { stream: task(2), outcome: 'gap', rev: 9, from: 3 },
    { stream: task(3), outcome: 'same', rev: 1, from: 1 },
  ],
  doubts: [
    {
      what: 'record',
      stream: task(4),
      issue: 4,
      problem: 'missing',
      detail: 'its record comment, last seen at revision 3, is gone',
      next: 'make the issue a task again with /task',
      setApart: false,
    },
  ],
  notes: [
    { what: 'record', issue: 3, detail: 'comment 9, by a person, looks like a record of ours; it was not believed' },
  ],
  epoch: 3,
  reopen: null,
}

const restored = async (report: RestoreReport) => {
  const { engine } = await createTestEngine()
  const { documents } = engine.store
  const restore = () => Promise.resolve(report)
  const result = await restoreCommand({ project: PROJECT, restore, documents, id: 'r1', installationId: 1 })
  return { engine, result }
}

test('restore says what came back, what was not believed and what to do, and fails when there was doubt', async () => {
  const { result } = await restored(REPORT)
  expect(result.exitCode).toBe(1)
  expect(result.lines).toMatchInlineSnapshot(`
    [
      "acme/widgets: 2 tasks brought back, and the project; 1 stream stood already.",
      "  task/7/2: from 3 to 9, with events in between that are nowhere",
      "At the next start the project is paused and goes on in an epoch above 3: npm run resume -- acme/widgets",
      "Not believed: 1",
      "  record on issue #4: missing: its record comment, last seen at revision 3, is gone",
      "    next: make the issue a task again with /task",
      "Written by others to look like ours, with nothing lost: 1",
      "  record on issue #3: comment 9, by a person, looks like a record of ours; it was not believed",
    ]
  `)
  expect(JSON.parse(renderResult(result, true))).toEqual(REPORT)
})

test('a restore without doubts succeeds, and the next start pauses and raises the epoch', async () => {
  const { engine, result } = await restored({ ...REPORT, doubts: [], notes: [] })
  expect(result.exitCode).toBe(0)
  expect(result.lines.at(-1)).toBe('Everything found was believed.')
  await finishRestores(engine)
  expect(await engine.store.projections.project(PROJECT)).toMatchObject({ epoch: 4, paused: expect.any(String) })
  expect(await resumeCommand(engine, 'acme/widgets')).toMatchObject({ exitCode: 0 })
  expect((await engine.store.projections.project(PROJECT))?.paused).toBeNull()
})

test('a restore that found nothing new leaves nothing for the next start', async () => {
  const streams = [{ stream: PROJECT, outcome: 'same', rev: 2, from: 2 } as const]
  const { engine } = await restored({ ...REPORT, streams, doubts: [] })
  expect(await finishRestores(engine)).toEqual([])
})

test('a restore that broke off half-way still pauses the project, also when the second try finds everything there', async () => {
  const { engine } = await createTestEngine()
  const { documents } = engine.store
  const streams = [{ stream: PROJECT, outcome: 'same', rev: 2, from: 2 } as const]
  const deps = { project: PROJECT, documents, installationId: 1 }
  const broken = () => Promise.reject(new Error('the network went away'))
  await expect(restoreCommand({ ...deps, id: 'r1', restore: broken })).rejects.toThrow('network')
  await restoreCommand({ ...deps, id: 'r2', restore: () => Promise.resolve({ ...REPORT, streams, doubts: [] }) })
  expect(await finishRestores(engine)).toEqual([PROJECT])
  expect((await engine.store.projections.project(PROJECT))?.epoch).toBe(4)
})

test('replay says what it puts back and why it was set aside', async () => {
  const replayed = [{ id: 'd1', name: 'issues', reason: 'GitHubFault: gone' }]
  expect((await replayCommand({ replay: async () => replayed })).lines).toEqual([
    '1 delivery will be tried again. Set aside because of:',
    '  issues d1: GitHubFault: gone',
  ])
  expect((await replayCommand({ replay: async () => [] })).lines).toEqual(['No delivery was set aside.'])
})

test('resume asks for a project that exists', async () => {
  const { engine } = await createTestEngine()
  expect(await resumeCommand(engine, 'acme/nowhere')).toMatchObject({ exitCode: 1 })
  expect(await resumeCommand(engine, undefined)).toMatchObject({ exitCode: 1 })
})

test('flush waits until nothing is behind, and until GitHub’s replicas show it', async () => {
  const clock = createClock()
  let left = 5
  let worked = 0
  const result = await flushCommand({
    inbox: { pending: () => Promise.resolve(Math.max(0, left - 3)) },
    outbox: {
      pending: () => Promise.resolve({ count: Math.min(3, left), oldestDueAt: clock.now() }),
      hurry: () => Promise.resolve(Math.min(3, left)),
    },
    work: () => Promise.resolve(void (worked += 1)),
    lastWritten: () => Promise.resolve(1_700_000_000_000 - 1_000),
    withheld: () => Promise.resolve([]),
    clock,
    sleep: (ms) => {
      left -= 1
      return Promise.resolve(clock.pass(ms))
    },
    timeoutMs: 60_000,
  })
  expect(result).toMatchObject({ exitCode: 0, json: { behind: 0, waited_ms: 3_000 } })
  expect(worked).toBe(5)
})

test('flush gives up after its time, with how much is left and what to do', async () => {
  const clock = createClock()
  const stuckSince = clock.now()
  const result = await flushCommand({
    inbox: { pending: () => Promise.resolve(0) },
    outbox: {
      pending: () => Promise.resolve({ count: 2, oldestDueAt: stuckSince }),
      hurry: () => Promise.resolve(2),
    },
    work: () => Promise.resolve(),
    lastWritten: () => Promise.resolve(0),
    withheld: () => Promise.resolve([]),
    clock,
    sleep: (ms) => Promise.resolve(clock.pass(ms)),
    timeoutMs: 3_000,
  })
  expect(result).toMatchObject({ exitCode: 1, json: { behind: 2, oldest_due_ms: 3_000 } })
  expect(result.lines.join('\n')).toContain('Next: ')
})

test('flush ends with 1 at once when something is left alone for now, and waits for what is to be written any moment', async () => {
  const clock = createClock()
  const held = { stream: task(1), issue: 1, fields: ['record'], until: clock.now() + 60_000 }
  const flush = (withheld: readonly (typeof held)[]) =>
    flushCommand({
      inbox: { pending: () => Promise.resolve(0) },
      outbox: { pending: () => Promise.resolve({ count: 0, oldestDueAt: null }), hurry: () => Promise.resolve(0) },
      work: () => Promise.resolve(),
      lastWritten: () => Promise.resolve(0),
      withheld: () => Promise.resolve(withheld),
      clock,
      sleep: (ms) => Promise.resolve(clock.pass(ms)),
      timeoutMs: 3_000,
    })
  const result = await flush([held])
  expect(result).toMatchObject({ exitCode: 1, json: { behind: 1, withheld: [held], waited_ms: 0 } })
  expect(result.lines.join('\n')).toContain('task/7/1 (issue #1): record; written again after 2023-11-14T22:14:20.000Z')
  expect(await flush([{ ...held, until: clock.now() }])).toMatchObject({ exitCode: 1, json: { waited_ms: 3_000 } })
})

test('verify finds nothing wrong with a log that is right', async () => {
  const { engine, ready } = await createTestEngine()
  await ready(1)
  const result = await verifyCommand({ ...engine.store, fold, sha256 })
  expect(result).toMatchObject({ exitCode: 0, json: { streams: 2, findings: [] } })
})

test('verify names a stream whose events were changed, or whose state does not follow from them', async () => {
  const { engine, ready } = await createTestEngine()
  await ready(1)
  const { log } = engine.store
  const changed = {
    ...log,
    read: async (...args: Parameters<typeof log.read>): Promise<readonly StoredEvent[]> => {
      const events = await log.read(...args)
      return events.map((event) => (event.type === 'task-readied' ? Object.assign(event, { at: 1 }) : event))
    },
  }
  expect((await verifyCommand({ ...engine.store, log: changed, fold, sha256 })).json).toMatchObject({
    findings: [{ stream: task(1), problem: 'broken-chain', version: 2 }],
  })
  const stale = { ...log, load: async (stream: typeof PROJECT) => ({ ...(await log.load(stream)), state: '{}' }) }
  const result = await verifyCommand({ ...engine.store, log: stale, fold, sha256 })
  expect(result.exitCode).toBe(1)
  expect(result.lines[2]).toBe(`  ${task(1)} at version 2: wrong-state; next: run npm run rebuild`)
})

test('verify ends with 1 when anything is set apart on GitHub, and says what to do', async () => {
  const { engine, ready } = await createTestEngine()
  await ready(1)
  const apart = {
    stream: task(1),
    project: PROJECT,
    issue: 1,
    problem: 'forked',
    detail: 'both stand at 3, with different events',
    next: 'decide which history counts',
    since: 0,
  }
  await engine.store.documents.put(SET_APART, task(1), JSON.stringify(apart))
  const result = await verifyCommand({ ...engine.store, fold, sha256 })
  expect(result).toMatchObject({ exitCode: 1, json: { findings: [], set_apart: [apart] } })
  expect(result.lines).toEqual([
    '2 streams looked at, 0 not right.',
    'Set apart: 1 stream; nothing is written there on GitHub until a person decides.',
    `  ${task(1)} (issue #1) since 1970-01-01T00:00:00.000Z: forked: both stand at 3, with different events`,
    '    next: decide which history counts',
  ])
})

test('dump prints the same canonical text with and without --json, and rebuild finds it right', async () => {
  const { engine, ready } = await createTestEngine()
  await ready(1)
  const { store } = engine
  const result = await dumpCommand(store, fold, null)
  expect(renderResult(result, true)).toBe(renderResult(result, false))
  expect(await rebuildCommand({ log: store.log, fold })).toMatchObject({ exitCode: 0, json: { differing: 0 } })
})

test('backup copies the database, and asks where to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-backup-'))
  try {
    const { store, ready, clock } = await createTestEngine()
    await ready(1)
    expect(await backupCommand(store, undefined)).toMatchObject({ exitCode: 1 })
    const path = join(folder, 'copy.sqlite')
    expect(await backupCommand(store, path)).toMatchObject({ exitCode: 0, json: { path } })
    const copy = await createSqliteStore({ path, clock })
    expect(await copy.projections.dump()).toBe(await store.projections.dump())
    await copy.close()
  } finally {
    await rm(folder, { recursive: true })
  }
})

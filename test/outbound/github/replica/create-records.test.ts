/** What happens when a log and the record on GitHub meet: nothing that is further, or that we know was further, is written over. */
import { expect, test } from 'vitest'
import { fold } from '../../../../app/engine/fold.ts'
import { handleCommand } from '../../../../app/engine/handle-command.ts'
import type { Store } from '../../../../app/engine/ports.ts'
import { createChapters } from '../../../../app/outbound/github/chapters/keep-chapters.ts'
import { createRecords } from '../../../../app/outbound/github/replica/create-records.ts'
import type { ObservedRecord } from '../../../../app/outbound/github/replica/observed.ts'
import type { PersonChange } from '../../../../app/engine/person-change.ts'
import { readSetApart, SET_APART } from '../../../../schemas/set-apart.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { OUR_APP } from '../memory-github.ts'
import { KEYS } from '../record/given.ts'
import { createWorld, emptyStore, restore, startAgain, type World } from '../restore/given-world.ts'

/** A process over a store, which looks at what the world's GitHub holds. */
const processOf = (world: World, store: Store) => {
  const changes: PersonChange[] = []
  const gaps: number[] = []
  const keeper = world.keeperOf(store)
  const report = async (change: PersonChange) => {
    changes.push(change)
    return { explain: null }
  }
  const records = createRecords({
    log: store.log,
    projections: store.projections,
    fold,
    keys: KEYS,
    appId: OUR_APP,
    bareCommands: async () => true,
    ledger: () => keeper,
    github: () => world.github,
    chapters: createChapters({
      log: store.log,
      fold,
      keys: KEYS,
      documents: store.documents,
      clock: world.clock,
      trustedApps: [OUR_APP],
      onPersonChange: report,
      later: async () => {},
    }),
    onPersonChange: report,
    onGap: async (_, epoch) => void gaps.push(epoch),
  })
  const meet = async (number: number) => {
    const issue = world.github.issue(number)
    const [held] = await world.github.comments([world.recordOf(number)])
    const record: ObservedRecord | null =
      held === null || held === undefined
        ? null
        : {
            nodeId: held.nodeId,
            id: held.id,
            body: held.body,
            ours: held.appId === OUR_APP,
            editor: held.editedByOther ? { kind: 'user', id: 'mallory' } : null,
            editedByUs: false,
          }
    const place = { nodeId: issue.nodeId, id: issue.id, number, repositoryNodeId: 'R_7', repositoryId: 7 }
    return records.meet(task(number), place, record)
  }
  return { meet, changes, gaps, keeper }
}

/** A world with some tasks, and a backup of it from before `more` happened to task 14. */
const givenBackup = async (more: (world: World) => Promise<void>) => {
  const world = await createWorld()
  await world.settle()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 1 })
  await world.keep()
  const backup = await emptyStore(world.clock)
  await restore(world, backup)
  await more(world)
  await world.write(14)
  await world.keep()
  return { world, backup, ...processOf(world, backup) }
}

const note = async (world: World): Promise<void> => {
  await world.ask(task(14), { type: 'add-note', text: 'more' })
}

test('a log that is as far, or further, writes', async () => {
  const world = await createWorld()
  await world.settle()
  const { meet, changes } = processOf(world, world.store)
  expect(await meet(14)).toBe('write')
  await note(world)
  expect(await meet(14)).toBe('write')
  expect(changes).toEqual([])
})

test('an older log takes in what the record has', async () => {
  const { world, backup, meet, gaps } = await givenBackup(note)
  expect(await meet(14)).toBe('imported')
  expect((await backup.projections.task(task(14)))?.version).toBe(
    (await world.store.projections.task(task(14)))?.version,
  )
  expect(gaps).toEqual([])
})

test('a lease that has ended meanwhile leaves no deadline behind in the older log', async () => {
  const world = await createWorld()
  await world.settle()
  const backup = await emptyStore(world.clock)
  await restore(world, backup)
  expect((await backup.log.load(task(12))).leaseUntil).not.toBeNull()
  await world.ask(task(12), { type: 'release-task', fence: null, reason: 'done for today' })
  await world.write(12)
  await world.keep()
  expect(await processOf(world, backup).meet(12)).toBe('imported')
  expect((await backup.log.load(task(12))).leaseUntil).toBeNull()
})

test('an edited record is read as we last left it, so that what it held is not lost', async () => {
  const { world, backup, meet, changes } = await givenBackup(note)
  world.github.edit(world.recordOf(14), 'I was here')
  expect(await meet(14)).toBe('imported')
  expect((await backup.projections.task(task(14)))?.task.notes).toMatchObject([{ text: 'more' }])
  expect(changes).toEqual([])
})

test('a record that is gone is not written by a log that the ledger has seen further', async () => {
  const { world, meet } = await givenBackup(note)
  world.github.erase(world.recordOf(14))
  expect(await meet(14)).toBe('apart')
  expect(await meet(13)).toBe('write')
})

test('a record that was rolled back is not written over by a log as old as it', async () => {
  const { world, meet, backup } = await givenBackup(async () => {})
  const older = world.github.bodyOf(world.recordOf(14))
  await note(world)
  await world.write(14)
  await world.keep()
  world.github.edit(world.recordOf(14), older, OUR_APP)
  expect(await meet(14)).toBe('apart')
  expect((await backup.projections.task(task(14)))?.task.notes).toEqual([])
})

test('pieces that a record has moved to the ledger come with it, and a gap raises the epoch', async () => {
  const { world, backup, meet, gaps } = await givenBackup(async (lively) => {
    for (let n = 0; n < 90; n += 1) {
      await lively.ask(task(14), { type: 'add-note', text: `note ${n} ${'x'.repeat(900)}` })
    }
  })
  expect(world.github.bodyOf(world.recordOf(14))).toContain('"moved":')
  expect(await meet(14)).toBe('imported')
  expect((await backup.log.load(task(14))).state).toBe((await world.store.log.load(task(14))).state)
  expect(gaps).toEqual([1])
})

test('another history is left alone', async () => {
  const { world, backup, meet } = await givenBackup(note)
  const { engine } = world
  const forked = { ...engine, store: backup }
  await handleCommand(forked, {
    stream: task(14),
    command: { type: 'add-note', text: 'other' },
    actor: { kind: 'user', id: 'bob' },
    cause: 'test:fork',
  })
  expect(await meet(14)).toBe('apart')
})

test('what is set apart is noted with what to do, and forgotten when log and record agree again', async () => {
  const { world, backup, meet } = await givenBackup(note)
  const noted = async () => readSetApart(await backup.documents.list(SET_APART))
  const record = world.github.bodyOf(world.recordOf(14))
  world.github.edit(world.recordOf(14), 'nothing here', OUR_APP)
  expect(await meet(14)).toBe('apart')
  expect(await noted()).toMatchObject([
    {
      stream: task(14),
      project: PROJECT,
      issue: 14,
      problem: 'forked',
      next: expect.stringContaining('npm run restore'),
    },
  ])
  world.github.edit(world.recordOf(14), record, OUR_APP)
  expect(await meet(14)).toBe('imported')
  expect(await noted()).toEqual([])
})

test('a task whose record was lost with the database is kept again when a person makes it anew', async () => {
  const world = await createWorld()
  await world.settle()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 1 })
  await world.keep()
  world.github.erase(world.recordOf(14))
  const store = await emptyStore(world.clock)
  expect((await restore(world, store)).doubts).toMatchObject([{ stream: task(14), problem: 'missing' }])
  const engine = { ...world.engine, store }
  await startAgain(engine, 1)
  const { meet, keeper } = processOf(world, store)
  await handleCommand(engine, {
    stream: task(14),
    command: { type: 'create-task', project: PROJECT, key: 'DEV-14', number: 14, title: 'Again', priority: 'p2' },
    actor: { kind: 'user', id: 'alice' },
    cause: 'test:again',
  })
  expect(await meet(14)).toBe('apart')
  await keeper.setApart.noteGone(task(14), keeper.markOf(task(14)) ?? expect.fail())
  expect(await meet(14)).toBe('write')
})

test('a record that is not believed is reported, and written over by a log that has it all', async () => {
  const world = await createWorld()
  await world.settle()
  const { meet, changes } = processOf(world, world.store)
  const damaged = world.github.bodyOf(world.recordOf(14)).replace('"title":"Task 14"', '"title":"Task 15"')
  world.github.edit(world.recordOf(14), damaged, OUR_APP)
  expect(await meet(14)).toBe('write')
  expect(changes).toMatchObject([{ field: 'record', detail: expect.stringContaining('bad-signature') }])
})

/** What is set apart is told once, where the ledger is ours, and never fought over. */
import { expect, test } from 'vitest'
import { readSetApart, SET_APART } from '../../../../schemas/set-apart.ts'
import { doubt } from '../../../../app/outbound/github/restore/doubts.ts'
import { PROJECT, task } from '../../../engine/create-engine.ts'
import { createWorld, emptyStore, restore, startAgain, type World } from '../restore/given-world.ts'

const FORKED = doubt(
  'record',
  { stream: task(14), issue: 14 },
  'forked',
  'both stand at 3, with different <b>events</b> @bob',
)
const GONE = doubt('record', { stream: task(12), issue: 12 }, 'forked', 'its record is gone')

const settled = async (): Promise<World> => {
  const world = await createWorld()
  await world.settle()
  await world.ask(PROJECT, { type: 'open-ledger', issue: 1 })
  await world.keep()
  world.github.writes.length = 0
  return world
}

const notices = ({ github }: World): readonly string[] =>
  github
    .on(1)
    .map((nodeId) => github.bodyOf(nodeId))
    .filter((body) => body.includes('<!-- muster:set-apart '))

test('one comment tells which tasks, why, and what to type', async () => {
  const world = await settled()
  await world.keeper.setApart.note(PROJECT, FORKED)
  await world.keep()
  expect(world.github.writes).toEqual(['create'])
  expect(notices(world)).toMatchInlineSnapshot(`
    [
      "### Set apart: nothing is written to one task any more

    Muster's database and what stands on GitHub do not have one history there. Nothing was overwritten. Labels, record and checks of these tasks stay as they are until a person has decided; all other tasks go on.

    | issue | why | since |
    |--:|---|---|
    | #14 | forked: both stand at 3, with different <​b>events<​/b> @​bob | 2023-11-14 |

    - **forked**: decide which history counts: npm run restore -- acme/widgets into an empty data folder takes what GitHub has; npm run -s dump shows what this database knows.

    To take what GitHub holds, stop the App, set its data folder aside (with Postgres: its database), and then

    \`\`\`sh
    npm run restore -- acme/widgets
    npm start
    npm run resume -- acme/widgets
    \`\`\`

    \`npm run verify\` lists all of this as well.

    <!-- muster:set-apart v1 epoch=1 -->",
    ]
  `)
})

test('the same reason again, or one that only grew, writes nothing', async () => {
  const world = await settled()
  await world.keeper.setApart.note(PROJECT, FORKED)
  await world.keep()
  await world.keeper.setApart.note(PROJECT, { ...FORKED, detail: 'both stand at 4, with different events' })
  world.clock.pass(3_600_000)
  expect(await world.keep()).toMatchObject({ written: 0 })
  expect(await world.keep(world.keeperOf(world.store))).toMatchObject({ written: 0 })
  expect(world.github.writes).toEqual(['create'])
})

test('another task edits the comment; none any more says so, and where none ever was there is no comment', async () => {
  const world = await settled()
  await world.keeper.setApart.clear(PROJECT, task(14))
  expect(await world.keep()).toMatchObject({ written: 0 })
  await world.keeper.setApart.note(PROJECT, FORKED)
  await world.keep()
  await world.keeper.setApart.note(PROJECT, GONE)
  await world.keep()
  expect(notices(world)).toEqual([expect.stringMatching(/2 tasks any more[^]*\| #12 \|[^]*\| #14 \|/)])
  await world.keeper.setApart.clear(PROJECT, task(12))
  await world.keeper.setApart.clear(PROJECT, task(14))
  await world.keep()
  expect(notices(world)).toEqual([expect.stringContaining('**Set apart**: nothing any more.')])
  expect(world.github.writes).toEqual(['create', 'update', 'update'])
})

test('two copies of one database that see different things do not write over each other for ever', async () => {
  const world = await settled()
  const other = await emptyStore(world.clock)
  await restore(world, other)
  const [a, b] = [world.keeper, world.keeperOf(other)]
  await b.setApart.note(PROJECT, GONE)
  await world.keep(b, other)
  await a.setApart.note(PROJECT, FORKED)
  await world.keep(a)
  for (let round = 0; round < 5; round += 1) {
    await a.lookAgain(PROJECT)
    await b.lookAgain(PROJECT)
    await world.keep(a)
    await world.keep(b, other)
  }
  // Each has said its own once or twice, and whoever spoke last stands.
  expect(notices(world).length).toBeLessThanOrEqual(2)
  expect(world.github.writes.filter((kind) => kind !== 'delete').length).toBeLessThanOrEqual(4)
})

test('what an earlier epoch said is taken away by the database that took over', async () => {
  const world = await settled()
  await world.keeper.setApart.note(PROJECT, FORKED)
  await world.keep()
  await world.keeper.setApart.clear(PROJECT, task(14))
  await startAgain(world.engine, 1)
  await world.keep(world.keeperOf(world.store))
  expect(notices(world)).toEqual([])
})

test('a comment of people that looks like it is left alone and says nothing', async () => {
  const world = await settled()
  world.github.post(1, '<!-- muster:set-apart v1 epoch=1 -->', 'mallory')
  await world.keeper.lookAgain(PROJECT)
  await world.keep()
  await world.keeper.setApart.note(PROJECT, FORKED)
  await world.keep()
  expect(world.github.writes).toEqual(['create'])
})

test('where the ledger itself is set apart nothing is written, and it is noted for health and verify', async () => {
  const world = await settled()
  const older = await emptyStore(world.clock)
  await restore(world, older)
  await startAgain(world.engine, 1)
  await world.keep()
  world.github.writes.length = 0
  const keeper = world.keeperOf(older)
  await keeper.setApart.note(PROJECT, FORKED)
  await world.keep(keeper, older)
  expect(world.github.writes).toEqual([])
  expect(readSetApart(await older.documents.list(SET_APART))).toMatchObject([
    { stream: PROJECT, issue: 1, problem: 'newer-epoch', detail: 'it was written in epoch 2, and this log knows 1' },
    { stream: task(14), problem: 'forked' },
  ])
})

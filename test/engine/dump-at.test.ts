import { expect, it } from 'vitest'
import { dumpAt } from '../../app/engine/dump-at.ts'
import { fold } from '../../app/engine/fold.ts'
import { dumpCommand } from '../../app/inbound/cli/store-commands.ts'
import { createTestEngine, task } from './create-engine.ts'

const depends = (n: number) =>
  ({
    type: 'add-dependency',
    on: { stream: task(n), key: `DEV-${n}` },
    status: 'open',
    path: null,
    onFailure: null,
  }) as const

it('is the dump of now at the end, and the dump that was made then before', async () => {
  const { store, ask, ready, claim, clock } = await createTestEngine()
  const dumps: (readonly [at: number, dump: string])[] = []
  const note = async (): Promise<void> => {
    dumps.push([clock.now(), await store.projections.dump()])
    clock.pass(1_000)
  }
  await note()
  await ready(1)
  await ready(2)
  await note()
  await ask(task(3), { type: 'create-task', project: 'project/7', key: 'DEV-3', number: 3, title: 'c', priority: 'p2' })
  await ask(task(3), depends(1))
  await ask(task(3), depends(2))
  await note()
  await claim(1)
  await ask(task(3), { type: 'remove-dependency', on: { stream: task(1), key: 'DEV-1' } })
  await note()
  for (const [at, dump] of dumps) expect(await dumpAt(store.log, fold, at)).toBe(dump)
  expect(await dumpAt(store.log, fold, clock.now())).toBe(await store.projections.dump())

  const [then] = dumps[2] ?? []
  const result = await dumpCommand(store, fold, new Date(then ?? 0).toISOString())
  expect(result).toMatchObject({ exitCode: 0, lines: [dumps[2]?.[1]] })
  expect((await dumpCommand(store, fold, 'yesterday')).exitCode).toBe(1)
})

it('names what it cannot know: a stream that came from elsewhere, before what is known of it', async () => {
  const given = await createTestEngine()
  await given.ready(1)
  const events = await given.store.log.read(task(1))
  const [first] = events
  const other = await createTestEngine()
  await other.store.log.importStream({
    stream: task(1),
    base: { version: 1, head: first?.hash ?? '', state: fold(task(1), null, events.slice(0, 1)).state },
    events: events.slice(1).map((event) => event),
    ...fold(task(1), null, events),
    leases: [],
  })
  const at = events[1]?.at ?? 0
  expect(JSON.parse(await dumpAt(other.store.log, fold, at - 1))).toMatchObject({ tasks: {}, unknown: [task(1)] })
  expect(await dumpAt(other.store.log, fold, at)).toBe(await other.store.projections.dump())
})

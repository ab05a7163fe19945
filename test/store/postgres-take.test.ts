/** One race of Postgres made certain, for inbox and outbox: something arrives that sorts before what is being claimed this moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Lane } from '../../app/engine/ports.ts'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { useStore } from '../contracts/store/use-store.ts'
import { makePostgresHarness } from '../contracts/store-harness.ts'

const delivery = (id: string, order: number) => ({
  id,
  order,
  name: 'issue_comment',
  queue: 'q',
  body: '{}',
  receivedAt: 0,
  notBefore: 0,
})

const effect = (key: string, lane: Lane) => ({ key, lane, kind: 'x', queue: 'q', payload: {}, dueAt: 0 })

/** Holds every claim open for a while, after it was chosen and before others can see it. */
const dawdleOver = (table: string): string => `
  create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$;
  create trigger dawdle before update on ${table} for each row execute function dawdle()`

describe.skipIf(!canTestPostgres())('two takers on Postgres', () => {
  const use = useStore(makePostgresHarness)

  it('never work on the same queue', async () => {
    const { store, harness } = await use()
    const second = await harness.open()
    await store.inbox.put([delivery('later', 2)])
    await harness.run(dawdleOver('inbox'))
    const taking = store.inbox.take(5, 60_000)
    await sleep(100)
    await second.inbox.put([delivery('earlier', 1)])
    const taken = await Promise.all([taking, second.inbox.take(5, 60_000)])
    expect(taken.flat().map((item) => item.id)).toEqual(['later'])
  })

  it('never carry out two effects of the same queue', async () => {
    const { store, harness } = await use()
    const second = await harness.open()
    await store.outbox.put([effect('look', 'result')])
    await harness.run(dawdleOver('outbox'))
    const taking = store.outbox.take(5, 60_000)
    await sleep(100)
    await second.outbox.put([effect('write', 'command')])
    const taken = await Promise.all([taking, second.outbox.take(5, 60_000)])
    expect(taken.flat().map(({ key }) => key)).toEqual(['look'])
  })
})

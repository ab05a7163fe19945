/** A process that writes is killed at any moment, again and again: what it was told is durable, and nothing is half there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import type { Store } from '../../../app/engine/ports.ts'
import { fold, sha256 } from '../history.ts'
import { spawnChild } from '../spawn-child.ts'
import type { MakeHarness, StoreHarness } from '../store-harness.ts'

/** Park–Miller: the same moments for the same seed, as far as a machine allows. */
const createRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** `isIntact` asks the database itself whether its file is whole. */
export const killContract = (make: MakeHarness, kills: number, isIntact: (harness: StoreHarness) => void): void => {
  describe('a killed writer', () => {
    let harness: StoreHarness | undefined
    afterEach(() => harness?.close())

    it(
      `loses nothing that was acknowledged, ${kills} times`,
      async () => {
        harness = await make()
        const random = createRandom(20_260_105)
        const acknowledged: string[] = []
        for (let n = 0; n < kills; n++) {
          const child = spawnChild(harness.place, 'until-killed', `run${n}`)
          await child.reach(1 + random(40))
          // Somewhere within a transaction and not right after an answer.
          await sleep(random(4))
          child.kill()
          expect(await child.ended).toBeNull()
          acknowledged.push(...child.lines.filter((line) => line !== 'open'))
          const store = await harness.open()
          await expectWhole(store, acknowledged)
          await store.close()
          isIntact(harness)
        }
        expect(acknowledged.length).toBeGreaterThan(kills)
      },
      10_000 + kills * 3000,
    )
  })
}

const expectWhole = async (store: Store, acknowledged: readonly string[]): Promise<void> => {
  // First, because it locks the streams: a server that is just committing for the dead client is through after it.
  expect(await store.log.rebuild(fold)).toBe(0)
  const causes = new Set((await store.log.read('project/1')).map((event) => event.cause))
  for (const line of acknowledged) {
    const [what, name = ''] = line.split(' ')
    if (what === 'append') expect(causes).toContain(name)
  }
  // Each append wrote its event, its outcome and its outbox item, or none of them.
  expect((await store.outbox.pending()).count).toBe(causes.size)
  for (const cause of causes) expect(await store.log.findOutcome(cause)).toMatchObject({ ok: true })
  const puts = acknowledged.filter((line) => line.startsWith('put ')).length
  expect(await store.inbox.pending()).toBeGreaterThanOrEqual(puts)
  for (const stream of await store.log.streams()) {
    const events = await store.log.read(stream)
    expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, events)).toBeNull()
    expect(await store.log.load(stream)).toMatchObject({ version: events.length, head: events.at(-1)?.hash })
  }
}

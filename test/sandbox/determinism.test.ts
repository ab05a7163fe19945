import { expect, it } from 'vitest'
import { createManualClock } from '../../app/sandbox/clock.ts'
import { createSandbox } from '../../app/sandbox/sandbox.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

/** Everything chance decides in a short life: tokens, ids, delivery ids, delays, and which list was stale. */
async function life(seed: number) {
  const clock = createManualClock()
  const sandbox = await createSandbox({ keys: SEED_KEYS, seed, clock, webhookUrl: 'http://127.0.0.1:9/' })
  const as = createClient(sandbox)
  const lengths: number[] = []
  for (let i = 0; i < 10; i++) {
    await as('bob').post('/repos/acme/widgets/issues', { title: `${i}` })
    clock.advance(100)
    lengths.push((await as('bob').get('/repos/acme/widgets/issues')).json.length)
  }
  clock.advance(1000)
  await sandbox.deliveries.idle()
  const deliveries = sandbox.deliveries.list().map(({ id, guid, deliveredAt }) => ({ id, guid, deliveredAt }))
  await sandbox.close()
  return { tokens: sandbox.tokens, lengths, deliveries }
}

it('the same seed gives the same life, another seed another', async () => {
  const [first, again, other] = [await life(7), await life(7), await life(8)]
  expect(again).toEqual(first)
  expect(other.tokens).not.toEqual(first.tokens)
  expect(other.deliveries).not.toEqual(first.deliveries)
})

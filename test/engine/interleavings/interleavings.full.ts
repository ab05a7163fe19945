/** Hundreds of lives on both stores, and in a soak thousands. */
import { describe, it } from 'vitest'
import { canTestPostgres } from '../../contracts/postgres-server.ts'
import { makePostgresHarness, makeSqliteHarness } from '../../contracts/store-harness.ts'
import { expectReached, lawOfInterleavings } from './law.ts'

const SOAK = process.env['MUSTER_SOAK'] === '1'
const STEPS = 100
const PATIENCE_MS = 7_200_000

/** Everything that the law speaks of comes about in three hundred lives, rare things too. */
const EVERYTHING = {
  '+lease-granted': 1000,
  '+lease-expired': 200,
  '+lease-extended': 10,
  '+stolen': 1,
  '+preemption-asked': 1,
  // Rare: the room is given back by itself as a rule.
  '+room made': SOAK ? 1 : 0,
  '+budget-settled': 1000,
  '+budget-corrected': 100,
  '+budget-overrun': 200,
  '+killed': 100,
  '+epoch-raised': 50,
  beat: 100,
  conflicts: 200,
  killed: 50,
  'stale-fence': 50,
  'fence-missing': 20,
  'wip-limit': 20,
  'microUsd of a workspace per day': 5,
  'microUsd of a workspace per month': 1,
  'microUsd of a project per day': 5,
  'microUsd of a project per month': 1,
  'microUsd of a agent per day': 1,
  'microUsd of a task per total': 5,
  'tokens of a workspace per day': 5,
  'tokens of a project per day': 1,
  'tokens of a agent per day': 1,
  'tokens of a task per total': 1,
}

describe('any interleaving of claims, heartbeats, expiries, reports and kills keeps the invariants', () => {
  it(
    'on SQLite',
    async () => {
      const tally = await lawOfInterleavings(makeSqliteHarness, { runs: SOAK ? 4000 : 300, steps: STEPS })
      expectReached(tally, EVERYTHING)
    },
    PATIENCE_MS,
  )

  it.skipIf(!canTestPostgres())(
    'on Postgres',
    async () => {
      const tally = await lawOfInterleavings(makePostgresHarness, { runs: SOAK ? 300 : 30, steps: STEPS })
      expectReached(tally, { '+lease-granted': 100, '+budget-overrun': 20, 'budget-exceeded': 10, conflicts: 20 })
    },
    PATIENCE_MS,
  )
})

/** A few lives on both stores; thousands of them are in interleavings.full.ts. */
import { describe, it } from 'vitest'
import { canTestPostgres } from '../../contracts/postgres-server.ts'
import { makePostgresHarness, makeSqliteHarness } from '../../contracts/store-harness.ts'
import { expectReached, lawOfInterleavings } from './law.ts'

const STEPS = 80
const PATIENCE_MS = 120_000

describe('any interleaving of claims, heartbeats, expiries, reports and kills keeps the invariants', () => {
  it(
    'on SQLite',
    async () => {
      const tally = await lawOfInterleavings(makeSqliteHarness, { runs: 12, steps: STEPS })
      expectReached(tally, {
        '+lease-granted': 15,
        '+lease-expired': 3,
        '+budget-overrun': 3,
        'budget-exceeded': 3,
        conflicts: 3,
      })
    },
    PATIENCE_MS,
  )

  it.skipIf(!canTestPostgres())(
    'on Postgres',
    async () => {
      const tally = await lawOfInterleavings(makePostgresHarness, { runs: 2, steps: STEPS })
      expectReached(tally, { '+project-opened': 4 })
    },
    PATIENCE_MS,
  )
})

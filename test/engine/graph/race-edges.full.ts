import { describe, it } from 'vitest'
import { canTestPostgres } from '../../contracts/postgres-server.ts'
import { useStore } from '../../contracts/store/use-store.ts'
import { makePostgresHarness, makeSqliteHarness } from '../../contracts/store-harness.ts'
import { raceEdges } from './race-edges.ts'

/** A soak takes all of them. */
const ROUNDS = process.env['MUSTER_SOAK'] === '1' ? 1000 : 150

describe('two processes that add the two halves of a circle', () => {
  const useSqlite = useStore(makeSqliteHarness)
  const usePostgres = useStore(makePostgresHarness)

  it('store one of them on SQLite', async () => raceEdges((await useSqlite()).harness, ROUNDS), 600_000)

  it.skipIf(!canTestPostgres())(
    'store one of them on Postgres',
    async () => raceEdges((await usePostgres()).harness, ROUNDS),
    600_000,
  )
})

/** The races with fewer agents, on both stores; their full size is races.full.ts. */
import { describe } from 'vitest'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { racesContract } from '../contracts/store/races.contract.ts'
import { makePostgresHarness, makeSqliteHarness } from '../contracts/store-harness.ts'

const SIZE = { processes: 4, agents: 60, tasks: 12, paid: 32, writers: 4, writes: 24 } as const
const PATIENCE_MS = 60_000

describe('SQLite', () => racesContract(makeSqliteHarness, SIZE, PATIENCE_MS))
describe.skipIf(!canTestPostgres())('Postgres', () => racesContract(makePostgresHarness, SIZE, PATIENCE_MS))

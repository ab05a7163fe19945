/** The races of agents at their full size, on both stores; that of writers, which takes many minutes, only in a soak. */
import { describe } from 'vitest'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { racesContract } from '../contracts/store/races.contract.ts'
import { makePostgresHarness, makeSqliteHarness } from '../contracts/store-harness.ts'

const SOAK = process.env['MUSTER_SOAK'] === '1'
const WRITERS = SOAK ? { writers: 16, writes: 200 } : { writers: 8, writes: 40 }
const SIZE = { processes: 8, agents: 500, tasks: 100, paid: 400, ...WRITERS } as const
/** The writers take minutes each, more where others work beside them. */
const PATIENCE_MS = 1_800_000

describe('SQLite', () => racesContract(makeSqliteHarness, SIZE, PATIENCE_MS))
describe.skipIf(!canTestPostgres())('Postgres', () => racesContract(makePostgresHarness, SIZE, PATIENCE_MS))

/** Kills a client of Postgres. The full lane does it many more times. */
import { describe } from 'vitest'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { killContract } from '../contracts/store/kill.contract.ts'
import { makePostgresHarness } from '../contracts/store-harness.ts'

describe.skipIf(!canTestPostgres())('Postgres', () => killContract(makePostgresHarness, 10, () => undefined))

/** The contract of a Store, on a real Postgres of the tests' own. */
import { describe } from 'vitest'
import { canTestPostgres } from './postgres-server.ts'
import { storeContract } from './store-contract.ts'
import { makePostgresHarness } from './store-harness.ts'

describe.skipIf(!canTestPostgres())('a store on Postgres', () => storeContract(makePostgresHarness))

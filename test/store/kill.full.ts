/** The kill tests with many more moments, on both stores. */
import { describe } from 'vitest'
import { canTestPostgres } from '../contracts/postgres-server.ts'
import { killContract } from '../contracts/store/kill.contract.ts'
import { makePostgresHarness, makeSqliteHarness } from '../contracts/store-harness.ts'
import { assertIntegrity } from './assert-integrity.ts'

const KILLS = 100

describe('SQLite', () => killContract(makeSqliteHarness, KILLS, assertIntegrity))
describe.skipIf(!canTestPostgres())('Postgres', () => killContract(makePostgresHarness, KILLS, () => undefined))

/** The contract of a Store, on the embedded database. */
import { describe } from 'vitest'
import { storeContract } from './store-contract.ts'
import { makeSqliteHarness } from './store-harness.ts'

describe('a store on SQLite', () => storeContract(makeSqliteHarness))

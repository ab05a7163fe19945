/** Kills a process that writes to the embedded database. The full lane does it many more times. */
import { describe } from 'vitest'
import { killContract } from '../contracts/store/kill.contract.ts'
import { makeSqliteHarness } from '../contracts/store-harness.ts'
import { assertIntegrity } from './assert-integrity.ts'

describe('SQLite', () => killContract(makeSqliteHarness, 10, assertIntegrity))

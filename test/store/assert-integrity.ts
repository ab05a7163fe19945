/** Asks SQLite to check every page, index and constraint of a database file. */
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import type { StoreHarness } from '../contracts/store-harness.ts'

export const assertIntegrity = ({ place }: StoreHarness): void => {
  if (!('sqlite' in place)) throw new TypeError('not a database file')
  const shell = new DatabaseSync(place.sqlite)
  try {
    expect(shell.prepare('pragma integrity_check').all()).toMatchObject([{ integrity_check: 'ok' }])
  } finally {
    shell.close()
  }
}

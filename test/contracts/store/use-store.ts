/** A fresh database for each test of a contract, closed and removed afterwards. */
import { afterEach } from 'vitest'
import type { Store } from '../../../app/engine/ports.ts'
import type { MakeHarness, StoreHarness } from '../store-harness.ts'

export interface StoreInUse {
  readonly harness: StoreHarness
  readonly store: Store
}

export const useStore = (make: MakeHarness): (() => Promise<StoreInUse>) => {
  const harnesses: StoreHarness[] = []
  afterEach(async () => {
    for (const harness of harnesses.splice(0)) await harness.close()
  })
  return async () => {
    const harness = await make()
    harnesses.push(harness)
    return { harness, store: await harness.open() }
  }
}

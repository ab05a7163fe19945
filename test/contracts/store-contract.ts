/** Everything that a Store promises. Each implementation runs all of it, and the counts must be equal. */
import { appendContract } from './store/append.contract.ts'
import type { MakeHarness } from './store-harness.ts'

export const storeContract = (make: MakeHarness): void => {
  appendContract(make)
}

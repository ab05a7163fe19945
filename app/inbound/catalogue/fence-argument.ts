/** The argument `fence`, the same wherever a holder of a lease writes. */
import type { ArgumentSpec } from './row.ts'

export const FENCE = {
  name: 'fence',
  type: 'fence',
  description: 'The fence of your lease; people may leave it out, bots and agents may not',
} as const satisfies ArgumentSpec

/** For what agents may also write without a lease; comments take the line as it stands there. */
export const FENCE_IF_HELD = {
  ...FENCE,
  description: 'The fence of your lease, so that nothing is written once the lease is over',
  only: 'http',
} as const satisfies ArgumentSpec

/** Vitest's global setup: makes the sandboxes' App keys, once for all test processes. */
import { createAppKeys } from '../../app/sandbox/app-keys.ts'

/** Where the test processes find them, as JSON. */
export const SEED_KEYS_VARIABLE = 'MUSTER_TEST_SEED_KEYS'

export const setup = (): void => {
  process.env[SEED_KEYS_VARIABLE] = JSON.stringify({ muster: createAppKeys(), claude: createAppKeys() })
}

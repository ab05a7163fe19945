/** One pair of App keys per test process: making RSA keys takes longer than everything else a sandbox does at start. */
import { createAppKeys } from '../../app/sandbox/app-keys.ts'

export const SEED_KEYS = { muster: createAppKeys(), claude: createAppKeys() }

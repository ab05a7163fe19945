/** One pair of App keys for all of a lane's tests: making RSA keys takes longer than everything else a sandbox does at start. */
import type { AppSecrets } from '../../app/sandbox/app-keys.ts'
import { SEED_KEYS_VARIABLE } from './seed-keys-setup.ts'

const made = process.env[SEED_KEYS_VARIABLE]
if (made === undefined) throw new Error(`${SEED_KEYS_VARIABLE} is not set: run through vitest`)
export const SEED_KEYS = JSON.parse(made) as { readonly muster: AppSecrets; readonly claude: AppSecrets }

/** Vitest's global setup: prepares a folder, in which the first test that needs Postgres starts it, and cleans up at the end. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePostgresDir, POSTGRES_DIR_VARIABLE, stopPostgres } from './postgres-server.ts'

export const setup = (): (() => Promise<void>) => {
  const dir = makePostgresDir()
  writeFileSync(join(dir, 'run.pid'), String(process.pid))
  process.env[POSTGRES_DIR_VARIABLE] = dir
  return () => stopPostgres(dir)
}

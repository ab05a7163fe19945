/**
 * Vitest's global setup: gives the run a folder for all temporary files and removes it at the end, with whatever a killed
 * process left in it. It lies in memory where the machine has room: the tests end processes, never the machine, so that
 * waiting for a disk would prove nothing.
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'
const ROOM_BYTES = 4 * 1024 ** 3

export const setup = (): (() => void) => {
  const dir = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'muster-tests-'))
  // Postgres, which runs as another user when we are root, has to find its folder in here.
  chmodSync(dir, 0o755)
  process.env['TMPDIR'] = dir
  return () => {
    rmSync(dir, { recursive: true, force: true })
  }
}

const hasRoom = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize > ROOM_BYTES
  } catch {
    return false
  }
}

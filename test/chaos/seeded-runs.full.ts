/** The mixed scenario under many fault plans. A failure prints its seed, which plays it again. */
import { expect, it } from 'vitest'
import { playRuns } from './seeded/play-runs.ts'

/** `MUSTER_CHAOS_RUNS` takes fewer where time is short. */
const RUNS = Number(process.env['MUSTER_CHAOS_RUNS'] ?? (process.env['MUSTER_SOAK'] === '1' ? 2000 : 100))
/** As many side by side as a small machine has cores. */
const TOGETHER = 2
const PATIENCE_MS = 8 * 60 * 60_000

it(`ends as without faults in each of ${RUNS} runs`, { timeout: PATIENCE_MS }, async () => {
  const share = RUNS / TOGETHER
  const ends = await Promise.all(Array.from({ length: TOGETHER }, (_, n) => playRuns(1 + n * share, share)))
  expect(ends.filter((end) => end !== '')).toEqual([])
})

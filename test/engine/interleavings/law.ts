/** Any interleaving of claims, heartbeats, expiries, reports and kills keeps the invariants, on either store. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { MakeHarness } from '../../contracts/store-harness.ts'
import { lives } from './moves.ts'
import { play, type Tally } from './play.ts'

export interface LawSize {
  readonly runs: number
  /** Steps of a life at most; half of that at least. */
  readonly steps: number
  /** Which lives; absent: others each time. */
  readonly seed?: number
}

/** Returns what came about how often. */
export const lawOfInterleavings = async (make: MakeHarness, { runs, steps, seed }: LawSize): Promise<Tally> => {
  const tally: Tally = new Map()
  await fc.assert(
    fc.asyncProperty(lives(steps), async (life) => {
      const harness = await make()
      try {
        await play(harness, life, tally)
      } finally {
        await harness.close()
      }
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  )
  return tally
}

/** That lives like these reach what the law is about. */
export const expectReached = (tally: Tally, least: Readonly<Record<string, number>>): void => {
  for (const [what, times] of Object.entries(least)) {
    expect(tally.get(what) ?? 0, `how often: ${what}`).toBeGreaterThanOrEqual(times)
  }
}

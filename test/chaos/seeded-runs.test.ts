/** A few seeded runs of the mixed scenario; the full lane takes a hundred and more. */
import { expect, it } from 'vitest'
import { playRuns } from './seeded/play-runs.ts'

it('ends as without faults, whatever goes wrong on the way', async () => {
  expect(await playRuns(1, 2)).toBe('')
}, 300_000)

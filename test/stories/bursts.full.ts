/** The burst under more shuffles, each held against the life in order. */
import { expect, it } from 'vitest'
import { inOrder, life, shuffledTwice } from './lives.ts'

/** The soak takes more of them. */
const SEEDS = process.env['MUSTER_SOAK'] === '1' ? [8, 13, 2, 3, 5] : [8]

it('whatever the shuffle, the end is that of the deliveries in order', async () => {
  const straight = await life(inOrder)
  for (const seed of SEEDS) expect(await life(shuffledTwice(seed)), `seed ${seed}`).toEqual(straight)
}, 900_000)

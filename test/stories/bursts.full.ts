/** The burst under more shuffles, each held against the life in order. Part of the soak: some shuffle still ends otherwise. */
import { expect, it } from 'vitest'
import { asItComes, inOrder, life, shuffledTwice } from './lives.ts'

const SEEDS = [8, 13, 2, 3, 5]

it.runIf(process.env['MUSTER_SOAK'] === '1')(
  'whatever the shuffle, the end is that of the deliveries in order',
  async () => {
    const straight = await life(inOrder)
    for (const seed of SEEDS) expect(await life(shuffledTwice(seed)), `seed ${seed}`).toEqual(straight)
    expect(await life(asItComes)).toEqual(straight)
  },
  900_000,
)

/** Order, repetition and bursts: whatever the deliveries' order, the end is the same. */
import { expect, it } from 'vitest'
import type { Json } from '../../app/domain/event/canonical-json.ts'
import { asItComes, inOrder, life, shuffledTwice } from './lives.ts'

let once: Promise<Json> | null = null
/** The life that all others are held against, played once for all tests. */
const straight = (): Promise<Json> => (once ??= life(inOrder))

it('a burst of 200 deliveries, shuffled and each twice, ends as once and in order', async () => {
  const [end, expected] = await Promise.all([life(shuffledTwice(1)), straight()])
  expect(end).toEqual(expected)
}, 180_000)

it('a burst that GitHub delivers as it does, and then again, ends the same, and nothing is answered late', async () => {
  expect(await life(asItComes)).toEqual(await straight())
}, 180_000)

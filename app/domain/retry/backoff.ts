/** Exponential backoff whose jitter is a function of the seed: replaying the log gives the same times. */
import type { Millis } from '../event/envelope.ts'

/** The share of a wait by which it may be longer or shorter, so that many tasks that failed together do not return together. */
const JITTER = 0.2

/** `failures` is 1 after the first one. */
export const backoff = (
  limits: { readonly backoffMs: Millis; readonly maxBackoffMs: Millis },
  failures: number,
  seed: string,
): Millis => {
  const doubled = limits.backoffMs * 2 ** Math.min(failures - 1, 30)
  const spread = 1 + JITTER * (2 * fraction(seed) - 1)
  return Math.round(Math.min(doubled, limits.maxBackoffMs) * spread)
}

/** FNV-1a over UTF-16 code units as a number in [0, 1): even enough for jitter, needs no digest. */
const fraction = (seed: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) / 2 ** 32
}

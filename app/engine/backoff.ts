/** How long Muster itself waits before it tries something again that failed: doubling, bounded. */
import type { Millis } from '../domain/event/envelope.ts'

const FIRST_MS: Millis = 500
const MOST_MS: Millis = 5 * 60_000

export const backoffMs = (tries: number): Millis => Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 20))

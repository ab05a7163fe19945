/** When to ask again where there is no work for somebody right now: often enough to be idle for moments only, at the cost of one read. */
import type { Millis } from '../domain/event/envelope.ts'

export const ASK_AGAIN_MS: Millis = 15_000

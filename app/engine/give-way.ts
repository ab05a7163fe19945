/** Lets others through after a write was overtaken by theirs. Jittered, so that rivals part; longer the more often it happens. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../domain/event/envelope.ts'

/** Most races are between two, and over after one more look. */
const AT_ONCE = 2
/** Decisions on one stream cost the more the more of them are made for nothing: rivals stand back further than one write takes. */
const LONGEST_MS: Millis = 250

/** `conflicts`: how often it has happened to this command. */
export const giveWay = async (conflicts: number): Promise<void> => {
  if (conflicts < AT_ONCE) return
  await sleep(Math.random() * Math.min(LONGEST_MS, 4 * 2 ** Math.min(conflicts, 8)))
}

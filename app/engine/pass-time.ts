/**
 * One round of time passing, for as long as somebody was there to hear heartbeats: who froze, slept, or was cut off from the
 * store gives every lease a full term first, as after a start. Replicas that were there meanwhile keep that from happening.
 */
import type { Millis } from '../domain/event/envelope.ts'
import type { Engine } from './handle-command.ts'
import { resumeLeases } from './resume-leases.ts'
import { tickDue } from './tick.ts'

/** Three times before a silence counts as one. */
const BEAT_MS: Millis = 30_000

/** Of no stream: only the store's own clock is wanted. */
const NOWHERE = 'project/0'

/** Returns how many streams made events. */
export const passTime = async (engine: Engine): Promise<number> => {
  const { leases, log } = engine.store
  const [{ now }, lastAlive] = await Promise.all([log.load(NOWHERE), leases.lastAlive()])
  await resumeLeases(engine.store, { now: () => now }, lastAlive)
  if (lastAlive === null || now - lastAlive >= BEAT_MS) await leases.beat()
  return tickDue(engine)
}

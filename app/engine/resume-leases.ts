/** After Muster itself was away, every live lease gets one full term: downtime is never a strike. */
import type { Millis } from '../domain/event/envelope.ts'
import type { Clock, Store } from './ports.ts'

/** Replicas say that they are alive twice a minute; a longer silence means that nobody could have renewed a lease. */
const AWAY_MS: Millis = 90_000

/** To be called before time starts to pass; `lastAlive` null: never. Returns how many leases were extended. */
export const resumeLeases = async (
  { leases, projections }: Pick<Store, 'leases' | 'projections'>,
  clock: Clock,
  lastAlive: Millis | null,
): Promise<number> => {
  if (lastAlive !== null && clock.now() - lastAlive < AWAY_MS) return 0
  return leases.extendAll(async (stream) => (await projections.task(stream))?.task.lease?.ttlMs ?? 0)
}

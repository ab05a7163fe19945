/** Whether a list read is answered from the past, as by a replica that lags; decided by the seed. */
import type { World } from '../world.ts'

/** Read everything there is. Not `now`: what the same request writes must be seen by it. */
export const NOT_STALE = Number.POSITIVE_INFINITY

/** The time (ms) as of which this read's lists are answered; never further back than the switch says. */
export function readTime(world: World): number {
  const { staleListShare, staleListMs } = world.switches
  if (world.random.next('stale or not') >= staleListShare) return NOT_STALE
  return world.clock.now() - Math.floor(world.random.next('staleness') * staleListMs)
}

/** Time as a command: asks every stream whose lease or backoff is over to look at the clock. */
import { MUSTER } from '../domain/actor.ts'
import { tickCause } from './cause.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { ContentionFault, handleCommand, type Engine } from './handle-command.ts'

/** How many streams one round looks at; the next round takes the rest. */
const BATCH = 200

/**
 * Returns how many streams made events. Replicas may tick at once: the cause makes each moment count once. A stream that is
 * broken keeps no time from passing for the others: its fault is thrown when they are through.
 */
export const tickDue = async (engine: Engine): Promise<number> => {
  const due = await engine.store.projections.due(BATCH)
  let changed = 0
  const faults: unknown[] = []
  for (const stream of due) {
    try {
      if (await tick(engine, stream)) changed += 1
    } catch (error) {
      if (isAway(error)) throw error
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
  return changed
}

const tick = async (engine: Engine, stream: StreamId): Promise<boolean> => {
  const { version } = await engine.store.log.load(stream)
  const { events, state } = await handleCommand(engine, {
    stream,
    command: { type: 'tick', leaseUntil: null },
    actor: MUSTER,
    cause: tickCause(stream, version),
  })
  if (events.length > 0) return true
  // A deadline without a lease would stay due for ever, and hold up those behind it.
  if (state === null || !('lease' in state) || state.lease === null) await engine.store.leases.dropOver(stream)
  return false
}

/** The store itself: every other stream would meet the same. */
const isAway = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof ContentionFault) && 'retryable' in error && error.retryable === true

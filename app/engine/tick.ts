/** Time as a command: asks every stream whose lease or backoff is over to look at the clock. */
import { MUSTER } from '../domain/actor.ts'
import { tickCause } from './cause.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** How many streams one round looks at; the next round takes the rest. */
const BATCH = 200

/** Returns how many streams made events. Replicas may tick at once: the cause makes each moment count once. */
export const tickDue = async (engine: Engine): Promise<number> => {
  const due = await engine.store.projections.due(BATCH)
  let changed = 0
  for (const stream of due) {
    const { version } = await engine.store.log.load(stream)
    const { events, state } = await handleCommand(engine, {
      stream,
      command: { type: 'tick', leaseUntil: null },
      actor: MUSTER,
      cause: tickCause(stream, version),
    })
    if (events.length > 0) changed += 1
    // A deadline without a lease would stay due for ever, and hold up those behind it.
    else if (state === null || !('lease' in state) || state.lease === null) await engine.store.leases.dropOver(stream)
  }
  return changed
}

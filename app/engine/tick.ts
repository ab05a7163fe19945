/** Time as a command: asks every stream whose lease or backoff is over to look at the clock. */
import { MUSTER } from '../domain/actor.ts'
import { tickCause } from './cause.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** How many streams one round looks at; the next round takes the rest. */
const BATCH = 200

/** Returns how many streams were due. Replicas may tick at once: the cause makes each moment count once. */
export const tickDue = async (engine: Engine): Promise<number> => {
  const due = await engine.store.projections.due(BATCH)
  for (const stream of due) {
    const { version } = await engine.store.log.load(stream)
    await handleCommand(engine, {
      stream,
      command: { type: 'tick', leaseUntil: null },
      actor: MUSTER,
      cause: tickCause(stream, version),
    })
  }
  return due.length
}

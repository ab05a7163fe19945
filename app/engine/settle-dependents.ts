/** When a task is done, or opened again, tells the tasks that depend on it. Each is a command with its own identity. */
import { MUSTER } from '../domain/actor.ts'
import { settleCause } from './cause.ts'
import type { EffectPayload } from './effects.ts'
import { handleCommand, type Engine } from './handle-command.ts'

export const settleDependentsOf = async (
  engine: Engine,
  { stream, settled, version }: EffectPayload['settle-dependents'],
): Promise<void> => {
  for (const dependent of await engine.store.projections.dependents(stream)) {
    await handleCommand(engine, {
      stream: dependent,
      command: { type: 'settle-dependency', on: stream, settled },
      actor: MUSTER,
      cause: settleCause(dependent, stream, version),
    })
  }
}

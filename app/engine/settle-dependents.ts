/** Tells tasks how those stand that they depend on, over all projects. What is told is read when it is decided; each is a command with its own identity. */
import { MUSTER } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { dependencyStatus } from '../domain/task/state.ts'
import { settleCause } from './cause.ts'
import type { EffectPayload } from './effects.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** The task was closed or opened again. */
export const settleDependentsOf = async (
  engine: Engine,
  { stream }: EffectPayload['settle-dependents'],
): Promise<void> => {
  for (const dependent of await engine.store.projections.dependents(stream)) await settle(engine, dependent, stream)
}

/** One edge is new: the other task may have been closed between the decision and its writing. */
export const settleDependencyOf = (engine: Engine, { stream, on }: EffectPayload['settle-dependency']): Promise<void> =>
  settle(engine, stream, on)

const settle = async (engine: Engine, dependent: StreamId, on: StreamId): Promise<void> => {
  const { projections } = engine.store
  const [told, about] = [await projections.task(dependent), await projections.task(on)]
  if (told === null || about === null) return
  await handleCommand(engine, {
    stream: dependent,
    command: { type: 'settle-dependency', on, status: dependencyStatus(about.task.status) },
    actor: MUSTER,
    cause: settleCause(dependent, told.version, on, about.version),
  })
}

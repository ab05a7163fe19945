/** Facts a pure decision cannot look up itself: how other tasks stand, the lease's volatile deadline. Runs inside the loop, so that every retry sees fresh ones. */
import { dependencyStatus } from '../domain/task/state.ts'
import type { AnyCommand, Engine } from './handle-command.ts'
import type { Asked, Guard, LoadedStream } from './ports.ts'
import { prepareDependency } from './prepare-dependency.ts'
import { prepareParent } from './prepare-parent.ts'
import { prepareOpening } from './prepare-opening.ts'

export interface Prepared {
  readonly command: AnyCommand
  readonly guards: readonly Guard[]
}

/** `conflict`: why the try before this one was not written; null for the first. */
export const prepare = async (
  { store }: Pick<Engine, 'store'>,
  { stream, command }: Asked<AnyCommand>,
  loaded: LoadedStream,
  conflict: 'version' | 'guard' | 'cycle' | 'limit' | null,
): Promise<Prepared> => {
  switch (command.type) {
    case 'tick':
      return { command: { type: 'tick', leaseUntil: loaded.leaseUntil }, guards: [] }
    case 'claim-task':
      return { command: command.steal === true ? { ...command, leaseUntil: loaded.leaseUntil } : command, guards: [] }
    case 'open-project':
      return prepareOpening(store, command, loaded)
    case 'add-dependency':
      return { command: await prepareDependency(store, stream, command, conflict === 'cycle'), guards: [] }
    case 'set-parent':
      return prepareParent(store, stream, command)
    case 'settle-dependency': {
      // Read behind the task's own version: whoever tells a newer status makes this append fail, never pass.
      const found = await store.projections.task(command.on)
      const status = found === null ? command.status : dependencyStatus(found.task.status)
      return { command: { ...command, status }, guards: [] }
    }
    default:
      return { command, guards: [] }
  }
}

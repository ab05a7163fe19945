/** Facts a pure decision cannot look up itself: how other tasks stand, the lease's volatile deadline. Runs inside the loop, so that every retry sees fresh ones. */
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Settings } from '../domain/settings.ts'
import { dependencyStatus } from '../domain/task/state.ts'
import type { AnyCommand, Engine } from './handle-command.ts'
import { parseTask, projectOf } from './fold.ts'
import { judgeSchemas } from './judge-schemas.ts'
import type { Asked, Guard, LoadedStream } from './ports.ts'
import { prepareDependency } from './prepare-dependency.ts'
import { prepareParent } from './prepare-parent.ts'
import { prepareOpening } from './prepare-opening.ts'

export interface Prepared {
  readonly command: AnyCommand
  readonly guards: readonly Guard[]
}

/** `circle`: the one that an edge would have closed, when that was why the try before this one was not written. */
export const prepare = async (
  engine: Engine,
  { stream, command }: Asked<AnyCommand>,
  loaded: LoadedStream,
  circle: readonly StreamId[] | null,
): Promise<Prepared> => {
  const { store } = engine
  switch (command.type) {
    case 'tick':
      return { command: { type: 'tick', leaseUntil: loaded.leaseUntil }, guards: [] }
    case 'open-project':
      return prepareOpening(store, command, loaded)
    case 'add-dependency':
      return { command: await prepareDependency(store.projections, command, circle), guards: [] }
    case 'set-parent':
      return prepareParent(store, stream, command)
    case 'settle-dependency': {
      // Read behind the task's own version: whoever tells a newer status makes this append fail, never pass.
      const found = await store.projections.task(command.on)
      const status = found === null ? command.status : dependencyStatus(found.task.status)
      return { command: { ...command, status }, guards: [] }
    }
    case 'claim-task': {
      const settings = await engine.settingsOf(parseTask(loaded.state)?.project ?? projectOf(stream))
      const configSha256 = digestOf(engine, settings)
      const held = command.steal === true ? { leaseUntil: loaded.leaseUntil } : {}
      return { command: await judged(engine, { ...command, ...held, configSha256 }, loaded), guards: [] }
    }
    default:
      return { command: await judged(engine, command, loaded), guards: [] }
  }
}

/** Of settings, which are never changed. */
const digests = new WeakMap<Settings, string>()

const digestOf = ({ sha256 }: Engine, settings: Settings): string => {
  const digest = digests.get(settings) ?? sha256(canonicalJson(settings))
  digests.set(settings, digest)
  return digest
}

const judged = async ({ schemas }: Engine, command: AnyCommand, { state }: LoadedStream): Promise<AnyCommand> =>
  judgeSchemas(schemas, command, parseTask(state))

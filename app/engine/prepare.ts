/** Facts a pure decision cannot look up itself: the path an edge would close, the lease's volatile deadline. Runs inside the loop, so that every retry sees fresh ones. */
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { findPath } from '../domain/dependency/find-path.ts'
import type { TaskRef } from '../domain/task/state.ts'
import type { AnyCommand, Engine } from './handle-command.ts'
import { parseTask, projectOf } from './fold.ts'
import { judgeSchemas } from './judge-schemas.ts'
import type { Asked, Guard, LoadedStream } from './ports.ts'

export interface Prepared {
  readonly command: AnyCommand
  readonly guards: readonly Guard[]
}

export const prepare = async (
  engine: Engine,
  { stream, command }: Asked<AnyCommand>,
  loaded: LoadedStream,
): Promise<Prepared> => {
  switch (command.type) {
    case 'tick':
      return { command: { type: 'tick', leaseUntil: loaded.leaseUntil }, guards: [] }
    case 'add-dependency': {
      const project = projectOf(stream)
      const name = `edges:${project}`
      // The version is read before the edges: an edge added in between makes the append fail, never pass.
      const expectedVersion = await engine.store.log.guardVersion(name)
      const tasks = await engine.store.projections.tasks(project)
      const byStream = new Map(tasks.map((task) => [task.stream, task]))
      const path = findPath(
        (task) => byStream.get(task)?.dependsOn.map(({ stream: on }) => on) ?? [],
        command.on.stream,
        stream,
      )
      const refOf = (at: StreamId): TaskRef => ({ stream: at, key: byStream.get(at)?.key ?? at })
      const target = byStream.get(command.on.stream)
      const settled = target?.status === 'done'
      return {
        command: { ...command, settled, path: path?.map(refOf) ?? null },
        guards: [{ name, expectedVersion }],
      }
    }
    case 'claim-task': {
      const settings = await engine.settingsOf(parseTask(loaded.state)?.project ?? projectOf(stream))
      const configSha256 = engine.sha256(canonicalJson(settings))
      return { command: await judged(engine, { ...command, configSha256 }, loaded), guards: [] }
    }
    default:
      return { command: await judged(engine, command, loaded), guards: [] }
  }
}

const judged = async ({ schemas }: Engine, command: AnyCommand, { state }: LoadedStream): Promise<AnyCommand> =>
  judgeSchemas(schemas, command, parseTask(state))

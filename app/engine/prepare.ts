/** Facts a pure decision cannot look up itself: the path an edge would close, the lease's volatile deadline. Runs inside the loop, so that every retry sees fresh ones. */
import type { StreamId } from '../domain/event/envelope.ts'
import { findPath } from '../domain/dependency/find-path.ts'
import type { TaskRef } from '../domain/task/state.ts'
import type { AnyCommand, Engine } from './handle-command.ts'
import { projectOf } from './fold.ts'
import type { Asked, Guard, LoadedStream } from './ports.ts'

export interface Prepared {
  readonly command: AnyCommand
  readonly guards: readonly Guard[]
}

export const prepare = async (
  engine: Pick<Engine, 'store'>,
  { stream, command }: Asked<AnyCommand>,
  loaded: LoadedStream,
): Promise<Prepared> => {
  switch (command.type) {
    case 'tick':
      return { command: { type: 'tick', leaseUntil: loaded.leaseUntil }, guards: [] }
    case 'claim-task':
      return { command: command.steal === true ? { ...command, leaseUntil: loaded.leaseUntil } : command, guards: [] }
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
    default:
      return { command, guards: [] }
  }
}

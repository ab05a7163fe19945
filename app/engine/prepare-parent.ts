/** How the hierarchy stands around a task and the parent that it is to get, and the guard of the workspace under which that was read. */
import type { StreamId } from '../domain/event/envelope.ts'
import { MOST_LEVELS } from '../domain/hierarchy/limits.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import type { TaskRef } from '../domain/task/state.ts'
import { projectOf } from './fold.ts'
import type { Guard, Store } from './ports.ts'

type Reads = Pick<Store, 'graph' | 'projections' | 'log'>

export const prepareParent = async (
  store: Reads,
  stream: StreamId,
  command: TaskCommandOf<'set-parent'>,
): Promise<{ readonly command: TaskCommandOf<'set-parent'>; readonly guards: readonly Guard[] }> => {
  // Who takes a parent away can break no rule.
  if (command.parent === null) return { command, guards: [] }
  const home = (await store.projections.task(stream))?.task.project ?? projectOf(stream)
  const project = await store.projections.project(home)
  const name = `hierarchy:${project?.installationId ?? 0}`
  // The version is read before the hierarchy: a parent set in between makes the append fail, never pass.
  const expectedVersion = await store.log.guardVersion(name)
  const siblings = (await store.graph.children([command.parent.stream])).filter((child) => child.stream !== stream)
  return {
    command: {
      ...command,
      above: await above(store, command.parent.stream),
      siblings: siblings.length,
      below: await height(store, stream),
    },
    guards: [{ name, expectedVersion }],
  }
}

/** One more than is allowed is enough to refuse, and ends a cycle that was imported. */
const above = async ({ projections }: Reads, stream: StreamId): Promise<readonly TaskRef[]> => {
  const chain: TaskRef[] = []
  for (let at: StreamId | undefined = stream; at !== undefined && chain.length <= MOST_LEVELS;) {
    const parent: TaskRef | undefined = (await projections.task(at))?.task.details.parent
    if (parent !== undefined) chain.push(parent)
    at = parent?.stream
  }
  return chain
}

const height = async ({ graph }: Reads, stream: StreamId): Promise<number> => {
  let levels = 0
  for (let row: readonly StreamId[] = [stream]; levels <= MOST_LEVELS; levels += 1) {
    row = (await graph.children(row)).map((child) => child.stream)
    if (row.length === 0) break
  }
  return levels
}

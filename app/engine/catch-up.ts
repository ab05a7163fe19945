/**
 * At every start: the data may be an older backup, so what GitHub knows beyond it is imported before anything is written. Where
 * events in between are nowhere, the epoch rises, because leases may have been granted in them.
 */
import { MUSTER } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** What an import of the missing came to; a RestoreReport is one. */
export interface CaughtUp {
  readonly streams: readonly { readonly outcome: 'imported' | 'gap' | 'same' | 'ahead' }[]
  readonly epoch: number
}

export const catchUp = async <Report extends CaughtUp>(
  engine: Engine,
  project: Project,
  importMissing: () => Promise<Report>,
): Promise<Report> => {
  const report = await importMissing()
  const gap = report.streams.some(({ outcome }) => outcome === 'gap')
  if (gap) await raiseAfterGap(engine, project.stream, report.epoch)
  return report
}

/** `epoch` is the highest that was seen. */
export const raiseAfterGap = async (engine: Engine, project: StreamId, epoch: number): Promise<void> => {
  await handleCommand(engine, {
    stream: project,
    command: { type: 'raise-epoch', atLeast: epoch + 1, reason: 'events between this data and GitHub are lost' },
    actor: MUSTER,
    cause: `gap:${project}:${engine.ids.ulid()}`,
  })
}

/** What somebody did to Muster's labels of a whole repository, put on the project's record. */
import { MUSTER, type Actor } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import { factCause } from './cause.ts'
import { handleCommand, type Engine } from './handle-command.ts'

export interface LabelFinding {
  readonly what: 'label-renamed' | 'label-deleted'
  readonly by: Actor
  readonly detail: string
  /** Tells one deed from another. */
  readonly identity: string
}

export const createLabelFindings =
  (engine: Engine) =>
  async (project: StreamId, { what, by, detail, identity }: LabelFinding): Promise<void> => {
    const command = { type: 'report-project-tampering', what, by, detail } as const
    await handleCommand(engine, {
      stream: project,
      command,
      actor: MUSTER,
      cause: factCause(project, 'label', identity),
    })
  }

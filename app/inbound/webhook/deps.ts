/** What webhook handlers work with. */
import type { Actor } from '../../domain/actor.ts'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { Engine } from '../../engine/handle-command.ts'
import type { Log } from '../../engine/log.ts'
import type { LabelChange } from '../../engine/person-change.ts'
import type { RepositoryPlace } from '../ports.ts'
import type { RememberingFacts } from '../remember-issues.ts'
import type { ProjectOpener } from '../project-of.ts'

export interface HandlerDeps {
  readonly engine: Engine
  readonly facts: RememberingFacts
  readonly projects: ProjectOpener
  /** Id of our own App: its echoes are not commands. */
  readonly appId: number
  /** A label of the repository was renamed, changed or deleted: what was remembered of it may be wrong, and ours are put right. */
  readonly labelChanged: (change: LabelChange) => Promise<void>
  /** Whether a sender is our own App's account; its echoes need no look. */
  readonly isOurs: (sender: { readonly id: number; readonly login: string }) => boolean
  /** Whether a label says something of a task's state. */
  readonly isStateLabel: (name: string) => boolean
  /** Somebody other than us touched the issue of a task: look at it before the next write. Null: nobody knows who. `reopened`: after the task was closed. */
  readonly observe: (stream: StreamId, by: Actor | null, reopened?: boolean) => Promise<void>
  /** Somebody other than us touched an issue that may be the project's ledger: look at it before the next write. */
  readonly ledgerTouched: (project: StreamId, issue: number) => Promise<void>
  /** The task whose record, signed by us and last written by us, stands on this issue; null: none. Whether the log has it there is another matter. */
  readonly recordAt: (place: RepositoryPlace, number: number) => Promise<StreamId | null>
  readonly log: Log
}

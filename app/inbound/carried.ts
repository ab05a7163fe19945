/** What carrying out a command needs and comes to, the same for every surface; and the few words in which it is said. */
import type { Actor, Role } from '../domain/actor.ts'
import type { GraphViews } from '../domain/dependency/graph-views.ts'
import type { Millis } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { Signals } from '../domain/task/signals.ts'
import type { Task } from '../domain/task/state.ts'
import type { ClaimNext } from '../engine/claim-next.ts'
import type { PolicyAnswer } from '../engine/explain-policy.ts'
import type { Engine, Handled } from '../engine/handle-command.ts'
import type { Intent } from './catalogue/intent.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'
import { taskAt } from './standing-at.ts'
import type { Telling } from './telling.ts'

export interface CarryOutDeps {
  readonly engine: Engine
  readonly facts: GitHubFacts
  readonly projects: ProjectOpener
  readonly claimNext: ClaimNext
  /** The status card: what `show` answers. */
  readonly card: (task: Task, telling: Telling) => string
  readonly help: (verb: string | null, telling: Telling) => string
}

export interface Errand {
  readonly intent: Intent
  readonly place: RepositoryPlace
  /** 0: the question is about the project. */
  readonly issue: number
  readonly actor: Actor
  /** The role of whoever asks, as read for this; absent: none that a gate would count. */
  readonly held?: Role
  readonly cause: string
  /** See Asked: only where the cause is made up by whoever asks. */
  readonly fingerprint?: string | undefined
  /** Where the answer is read. */
  readonly telling: Telling
}

export type Carried =
  | {
      readonly ok: true
      /** The task afterwards; null when there is none. */
      readonly task: Task | null
      /** What was asked for, as Markdown; null when nothing was asked. */
      readonly text: string | null
      /** The text holds words of others as they wrote them: for agents, not to be published as it is. */
      readonly raw: boolean
      /** What `graph` asked for, as data. */
      readonly graph?: GraphViews
      /** What was asked for as members of an answer in JSON; absent where the task and the text say it all. */
      readonly data?: Readonly<Record<string, unknown>>
      /** The new deadline of a heartbeat; of a task of another time, the one that was granted. */
      readonly until: Millis | null
      /** What the holder should know, with a heartbeat; null otherwise. */
      readonly signals: Signals | null
      /** What policy says, where that was asked. */
      readonly policy?: PolicyAnswer
      /** False when what was asked for held already, the first time it was asked. */
      readonly changed: boolean
    }
  | { readonly ok: false; readonly rejection: Rejection }

export const taskOf = ({ store }: Engine, { place, issue }: Errand): Promise<Task | null> =>
  taskAt(store.projections, place, issue)

export const refused = (rejection: Rejection) => ({ ok: false, rejection }) as const satisfies Carried

export const done = (task: Task | null) =>
  ({ ok: true, task, text: null, raw: false, until: null, signals: null, changed: true }) as const satisfies Carried

export const told = (task: Task | null, text: string, raw = false) => ({ ...done(task), text, raw })

/** What a command came to, as surfaces are told. */
export const carried = ({ outcome, state }: Handled): Carried =>
  outcome.ok
    ? { ...done(state !== null && 'attempts' in state ? state : null), changed: outcome.changed !== false }
    : refused(outcome.rejection)

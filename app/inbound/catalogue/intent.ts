/** What a parsed command wants: a command of the domain, or something that needs a look outside first. */

import type { Point } from '../../domain/history/history.ts'
import type { Question } from '../../domain/policy/facts.ts'
import type { KillTarget } from '../../domain/project/kill.ts'
import type { FindingKind } from '../../domain/project/findings.ts'
import type { Rejection } from '../../domain/rejection.ts'
import type { TaskCommand } from '../../domain/task/commands.ts'
import type { FailurePolicy, Fence, Priority } from '../../domain/task/state.ts'
import type { Said } from '../../engine/heartbeat.ts'
import type { Reference } from './reference.ts'
import type { VersionRange } from './version-range.ts'

export type Intent =
  /** Ready for the engine, on the task of the issue. */
  | { readonly kind: 'command'; readonly command: TaskCommand }
  /** Becomes `create-task` once key, number and title of the issue are known. */
  | { readonly kind: 'create-task'; readonly priority: Priority }
  /** One `add-dependency` or `remove-dependency` per reference, once each is resolved; each with a cause of its own. */
  | {
      readonly kind: 'depend'
      readonly add: boolean
      readonly on: readonly Reference[]
      readonly onFailure: FailurePolicy | null
    }
  /** Becomes `set-parent` once the reference is resolved. */
  | { readonly kind: 'parent'; readonly of: Reference | null }
  /** Moves the lease's deadline; makes events only of what is news. */
  | { readonly kind: 'heartbeat'; readonly fence: Fence; readonly said: Said }
  /** Turns a kill on or off, in the project's own stream. */
  | { readonly kind: 'kill'; readonly on: boolean; readonly target: KillTarget; readonly reason: string }
  /** Becomes `approve-gate` with the role that whoever asks has now. */
  | { readonly kind: 'approve-gate'; readonly gate: string; readonly sha: string | null }
  /** Asks, and changes nothing. */
  | { readonly kind: 'policy'; readonly question: Question }
  /** `point`: as it was then; null: as it is. */
  | { readonly kind: 'show'; readonly point: Point | null }
  /** `range`: what differs between the two versions. `before`: only events of lower versions. */
  | { readonly kind: 'history'; readonly range: VersionRange | null; readonly before: number | null }
  | { readonly kind: 'graph' }
  | { readonly kind: 'cost'; readonly of: 'task' | 'project' }
  /** Of a portfolio or program; `name` null: of the one in which the project stands. */
  | { readonly kind: 'portfolio'; readonly name: string | null }
  /** `budgetTokens` null: the usual. */
  | { readonly kind: 'brief'; readonly budgetTokens: number | null }
  /** Learned on the task of the issue; goes into the project's own stream. */
  | { readonly kind: 'finding'; readonly finding: FindingKind; readonly text: string }
  | { readonly kind: 'retire'; readonly id: number; readonly reason: string }
  | { readonly kind: 'findings'; readonly words: string }
  | { readonly kind: 'help'; readonly verb: string | null }
  /** The arguments do not fit each other. */
  | { readonly kind: 'reject'; readonly rejection: Rejection }

/** What a parsed command wants: a command of the domain, or something that needs a look outside first. */

import type { FindingKind } from '../../domain/project/findings.ts'
import type { Rejection } from '../../domain/rejection.ts'
import type { TaskCommand } from '../../domain/task/commands.ts'
import type { Fence, Priority } from '../../domain/task/state.ts'
import type { Reference } from './reference.ts'

export type Intent =
  /** Ready for the engine, on the task of the issue. */
  | { readonly kind: 'command'; readonly command: TaskCommand }
  /** Becomes `create-task` once key, number and title of the issue are known. */
  | { readonly kind: 'create-task'; readonly priority: Priority }
  /** One `add-dependency` or `remove-dependency` per reference, once each is resolved; each with a cause of its own. */
  | { readonly kind: 'depend'; readonly add: boolean; readonly on: readonly Reference[] }
  /** Moves the lease's deadline; makes no event. */
  | { readonly kind: 'heartbeat'; readonly fence: Fence }
  | { readonly kind: 'show' }
  /** `budgetTokens` null: the usual. */
  | { readonly kind: 'brief'; readonly budgetTokens: number | null }
  /** Learned on the task of the issue; goes into the project's own stream. */
  | { readonly kind: 'finding'; readonly finding: FindingKind; readonly text: string }
  | { readonly kind: 'retire'; readonly id: number; readonly reason: string }
  | { readonly kind: 'findings'; readonly words: string }
  | { readonly kind: 'help'; readonly verb: string | null }
  /** The arguments do not fit each other. */
  | { readonly kind: 'reject'; readonly rejection: Rejection }

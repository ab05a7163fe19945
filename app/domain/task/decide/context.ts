/** What a decision may look at besides the task and the command. Everything is handed in: decisions read no clock. */
import type { Actor } from '../../actor.ts'
import type { BudgetFacts } from '../../budget/facts.ts'
import type { Millis } from '../../event/envelope.ts'
import type { Kill } from '../../project/kill.ts'
import type { evaluate } from '../../policy/evaluate.ts'
import type { Decision } from '../../rejection.ts'
import type { Settings } from '../../settings.ts'
import type { TaskCommandOf, TaskCommandType } from '../commands.ts'
import type { NewTaskEvent } from '../events.ts'
import type { Task } from '../state.ts'

export interface DecideContext {
  readonly now: Millis
  readonly actor: Actor
  /** The project's epoch; fences of older epochs are void. */
  readonly epoch: number
  /** Why the project hands out no new work, or null. */
  readonly paused: string | null
  /** The project's kills that are on; absent: none. */
  readonly kills?: readonly Kill[]
  readonly settings: Settings
  /** Absent where no budget can be concerned. */
  readonly budget?: BudgetFacts
  /** The same as policy/evaluate.ts, remembering; absent: that. */
  readonly evaluate?: typeof evaluate
}

export type TaskDecision = Decision<NewTaskEvent>

/** Decides one command on a task that exists. */
export type Decide<T extends TaskCommandType> = (
  task: Task,
  command: TaskCommandOf<T>,
  context: DecideContext,
) => TaskDecision

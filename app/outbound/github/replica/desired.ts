/** How the issue and pull requests of a task should look: a pure function of the task (the record comment's body is made beside it). */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import { attemptCheck } from '../checks/attempt-check.ts'
import type { CheckRun } from '../checks/check-run.ts'
import { constantCheck } from '../checks/constant-check.ts'
import { desiredLabels } from '../labels/desired-labels.ts'
import type { Label } from '../labels/label-table.ts'
import { pullComment } from '../pull-comment.ts'
import { desiredEdges, type EdgeKey } from '../relations/edges.ts'

export interface WrittenRecord {
  readonly body: string
  /** The version of the task's stream that it holds. */
  readonly rev: number
}

export interface Desired {
  readonly labels: readonly Label[]
  /** What it is a part of and waits for. */
  readonly edges: readonly EdgeKey[]
  /** Since when the task is done, and its issue with it; null: what people make of the issue stands. */
  readonly closeFor: Millis | null
  readonly record: WrittenRecord
  readonly checks: readonly CheckRun[]
  readonly pullComments: readonly { readonly pull: number; readonly body: string }[]
}

export const desired = (task: Task, record: WrittenRecord): Desired => ({
  labels: desiredLabels(task),
  edges: desiredEdges(task),
  closeFor: task.status === 'done' ? task.statusSince : null,
  record,
  checks: [
    ...task.attempts.map((attempt) => attemptCheck(task, attempt)).filter((check) => check !== null),
    ...task.pullRequests.map((pull) => constantCheck(task, pull)),
  ],
  // Before the first attempt there is nothing to say that the issue does not.
  pullComments:
    task.attempts.length === 0
      ? []
      : task.pullRequests.map((pull) => ({ pull: pull.number, body: pullComment(task, pull) })),
})

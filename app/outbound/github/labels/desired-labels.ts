/** Which of our labels a task's issue wears: a pure function of the task. */
import type { Task } from '../../../domain/task/state.ts'
import { agentLabel, failureLabel, priorityLabel, statusLabel, tierLabel, type Label } from './label-table.ts'

export const desiredLabels = (task: Task): readonly Label[] => {
  const last = task.attempts.at(-1)
  const owner = task.lease?.owner ?? last?.owner
  return [
    statusLabel(task.status),
    priorityLabel(task.priority),
    ...(last?.failure ? [failureLabel(last.failure.class)] : []),
    ...(task.details.tier === undefined ? [] : [tierLabel(task.details.tier)]),
    ...(owner === undefined ? [] : [agentLabel(owner)]),
  ]
}

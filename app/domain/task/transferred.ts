/** A task after its issue was transferred: the same work under another key. What lies in the old repository stays there. */
import type { TaskEventData } from './events.ts'
import type { IssueSpot, Task, TaskRef } from './state.ts'

type Move = TaskEventData['task-moved']

/** Issues that are sent round in circles keep their newest names; all of them are in the events. */
const FORMERLY_KEPT = 20

/**
 * Pull requests belong to the repository that was left, and a number means another one here. Attempts remember where they were
 * made; an open one goes on under its lease.
 */
export const transferred = (task: Task, { from, to, epochShift }: Move): Task => {
  const { away: _, epochShift: __, ...rest } = task
  const { parent } = task.details
  return {
    ...rest,
    project: to.project,
    number: to.number,
    key: to.key,
    ...(epochShift === 0 ? {} : { epochShift }),
    formerly: [...(task.formerly ?? []), spotOf(from)].filter((spot) => !isSameSpot(spot, to)).slice(-FORMERLY_KEPT),
    attempts: task.attempts.map((attempt) => ({ project: from.project, ...attempt })),
    dependsOn: task.dependsOn.map((on) => seenFrom(on, from.repository, to.repository)),
    ...(parent === undefined
      ? {}
      : { details: { ...task.details, parent: seenFrom(parent, from.repository, to.repository) } }),
    pullRequests: [],
  }
}

const spotOf = ({ project, number, key }: IssueSpot): IssueSpot => ({ project, number, key })

export const isSameSpot = (a: Omit<IssueSpot, 'key'>, b: Omit<IssueSpot, 'key'>): boolean =>
  a.project === b.project && a.number === b.number

/** A reference without a repository means the one where the task is. */
const seenFrom = <Ref extends TaskRef>(ref: Ref, left: string, here: string): Ref => {
  const { repository = left, ...rest } = ref
  return (repository === here ? rest : { ...rest, repository }) as Ref
}

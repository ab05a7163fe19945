/** Transfers of a task's issue, as they were found on GitHub: facts, which no rule can refuse. Where the issue is was read outside. */
import { accept } from '../../rejection.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { isClosed, type Task } from '../state.ts'
import { isSameSpot } from '../transferred.ts'
import type { Decide } from './context.ts'
import { readyOrWaiting } from './readiness.ts'
import { blockAgain, endLease } from './steer.ts'

/** Whoever holds the lease goes on; what was closed because the issue was out of reach is taken up again. */
export const moveTask: Decide<'move-task'> = (task, { left, to, epoch }, context) => {
  if (task.away === undefined && isSameSpot(task, to)) return accept()
  const { project, number, key } = task
  const from = { project, number, key, repository: left }
  return accept(taskEvent('task-moved', { from, to, epochShift: context.epoch - epoch }), ...takenUp(task))
}

/** Work that nobody can follow ends: its holder is told with the next heartbeat, and what was set aside for it is settled. */
export const loseTask: Decide<'lose-task'> = (task, { repositoryId, number, reason }) => {
  const { away, status } = task
  if (away?.repositoryId === repositoryId && away.number === number) return accept()
  const closed = isClosed(status)
  const was = away === undefined ? (closed ? null : (task.beneath ?? status)) : away.was
  return accept(
    taskEvent('task-moved-away', { repositoryId, number, was }),
    ...(closed ? [] : [...endLease(task, reason), taskEvent('task-canceled', { reason })]),
  )
}

const BACK = 'its issue came back'

/** Only what our own closing ended: a task that people have decided on since stays as they left it. */
const takenUp = (task: Task): readonly NewTaskEvent[] => {
  const was = task.away?.was ?? null
  if (was === null || task.status !== 'canceled') return []
  return [taskEvent('task-reopened', { reason: BACK }), ...asBefore(task, was), ...blockAgain(task)]
}

const asBefore = (task: Task, was: Task['status']): readonly NewTaskEvent[] => {
  switch (was) {
    case 'ready':
    case 'waiting':
    case 'claimed':
    case 'in_progress':
      return [readyOrWaiting(task, BACK)]
    case 'review':
    case 'needs_human':
      return [taskEvent('human-needed', { reason: `${BACK}: look at what was done before, then /retry or /cancel` })]
    default:
      return []
  }
}

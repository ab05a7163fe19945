/** The one table of status changes: which events move a task, from where, to where. evolve obeys it, a law holds decide to it, the docs draw it. */
import { TASK_STATUSES, isClosed, type TaskStatus } from './state.ts'
import type { TaskEventType } from './events.ts'

interface Transition {
  readonly from: readonly TaskStatus[]
  readonly to: TaskStatus
}

const OPEN = TASK_STATUSES.filter((status) => !isClosed(status))
const AT_WORK: readonly TaskStatus[] = ['claimed', 'in_progress']

/**
 * Events that are not named here leave the status alone. `blocked` lies over another status: blockers put it there, the
 * last one resolved takes it away, and what happens meanwhile moves the status beneath.
 */
export const TRANSITIONS = {
  'task-readied': {
    from: ['backlog', 'waiting', 'needs_human', 'review', 'failed', ...AT_WORK],
    to: 'ready',
  },
  'task-held': {
    from: ['backlog', 'ready', 'waiting', 'needs_human', 'review', 'failed', ...AT_WORK],
    to: 'waiting',
  },
  'lease-granted': { from: ['ready'], to: 'claimed' },
  'attempt-started': { from: ['claimed'], to: 'in_progress' },
  'attempt-succeeded': { from: AT_WORK, to: 'review' },
  'human-needed': { from: OPEN, to: 'needs_human' },
  'task-completed': { from: OPEN, to: 'done' },
  'task-failed': { from: OPEN, to: 'failed' },
  'task-canceled': { from: OPEN, to: 'canceled' },
  'task-reopened': { from: ['done', 'failed', 'canceled'], to: 'backlog' },
} as const satisfies Partial<Record<TaskEventType, Transition>>

export type MovingEvent = keyof typeof TRANSITIONS

export const isMoving = (type: TaskEventType): type is MovingEvent => Object.hasOwn(TRANSITIONS, type)

/** Where the event takes a task that stands at `from`, or null when it may not happen there. */
export const transition = (from: TaskStatus, event: MovingEvent): TaskStatus | null => {
  const row: Transition = TRANSITIONS[event]
  return row.from.includes(from) ? row.to : null
}

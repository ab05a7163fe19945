/** Statuses as people read them. Records, labels and JSON keep the plain names. */
import type { TaskStatus } from './state.ts'

export const STATUS_WORDS: Record<TaskStatus, string> = {
  backlog: 'in the backlog',
  ready: 'ready',
  waiting: 'waiting',
  claimed: 'claimed',
  in_progress: 'in progress',
  blocked: 'blocked',
  review: 'in review',
  needs_human: 'needs a person',
  done: 'done',
  failed: 'failed',
  canceled: 'canceled',
}

/** Goes on after the task's key: `is in review`, `needs a person`. */
export const statusIs = (status: TaskStatus): string => {
  if (status === 'needs_human') return STATUS_WORDS[status]
  return status === 'failed' ? 'has failed' : `is ${STATUS_WORDS[status]}`
}

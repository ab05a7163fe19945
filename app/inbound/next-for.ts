/** The next step where a task stands: one that is accepted there. A test walks every status and holds it to that. */
import type { TaskStatus } from '../domain/task/state.ts'
import { assertNever } from '../domain/assert-never.ts'
import { firstStep, step, type Telling } from './telling.ts'

/** `verb`: what was refused there. A sentence. */
export const nextFor = (status: TaskStatus, verb: string, telling: Telling): string => {
  const First = (wanted: string): string => firstStep({ verb: wanted }, telling)
  const then = (wanted: string): string => step({ verb: wanted }, telling)
  switch (status) {
    case 'backlog':
      return verb === 'claim' ? `${First('ready')} first.` : `${First('ready')}, then ${then('claim')}.`
    case 'ready':
      return `${First('claim')} to start an attempt.`
    case 'claimed':
    case 'in_progress':
      return `Wait for the attempt to end, or ${then('release')} to give the task back.`
    case 'waiting':
      return `${First('show')} to see what it waits for.`
    case 'review':
      return `${First('retry')} for another attempt.`
    case 'needs_human':
      return `${First('retry')} for another attempt, or ${step({ verb: 'resolve', words: 'skip' }, telling)} to go on without it.`
    case 'blocked':
      return `Clear what blocks it, then ${then('unblock')}.`
    case 'failed':
      return `${First('retry')} to take it up again.`
    case 'done':
    case 'canceled':
      return `${First('reopen')} to take it up again, or open a new task.`
    default:
      return assertNever(status)
  }
}

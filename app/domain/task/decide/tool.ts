/** A call of a tool, reported by whoever holds the lease: an event for the history, and a count in the state. */
import { accept, reject } from '../../rejection.ts'
import { taskEvent } from '../events.ts'
import { MOST } from '../limits.ts'
import type { Decide } from './context.ts'
import { attemptToAddTo, isRejection } from './require-lease.ts'
import { tooMany } from './too-many.ts'

export const recordTool: Decide<'record-tool'> = (task, { tool, summary, ok, durationMs, fence }, context) => {
  const about = attemptToAddTo(task, fence, context, 'tool')
  if (isRejection(about)) return reject(about)
  const attempt = task.attempts.find(({ n }) => n === about.attempt)
  if (attempt === undefined) return reject({ code: 'no-lease', key: task.key, verb: 'tool', status: task.status })
  if ((attempt.tools ?? 0) >= MOST['tool calls']) return tooMany(task, 'tool calls')
  return accept(taskEvent('tool-invoked', { attempt: attempt.n, tool, summary, ok, durationMs }))
}

/** The volatile lease row that goes with a change of a task: set with a new grant and when it is extended, gone with the lease. */
import type { StreamId } from '../domain/event/envelope.ts'
import { sameFence } from '../domain/task/fence.ts'
import { isTaskStream, parseTask } from './fold.ts'
import type { LeaseRow } from './ports.ts'

export const leaseRows = (stream: StreamId, before: string | null, after: string): readonly LeaseRow[] => {
  if (!isTaskStream(stream)) return []
  const was = parseTask(before)?.lease ?? null
  const is = parseTask(after)?.lease ?? null
  if (is !== null) {
    const unchanged = was !== null && sameFence(was.fence, is.fence) && was.expiresAt === is.expiresAt
    return unchanged ? [] : [{ stream, fence: is.fence, until: is.expiresAt }]
  }
  return was === null ? [] : [{ stream, fence: was.fence, until: null }]
}

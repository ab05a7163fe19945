/** The volatile lease row that goes with a change of a task: set with a new grant and when it is extended, gone with the lease. */
import type { StreamId } from '../domain/event/envelope.ts'
import { sameFence } from '../domain/task/fence.ts'
import { isTaskStream, parseTask } from './fold.ts'
import type { LeaseRow, LoadedStream } from './ports.ts'

/** `isSilent`: its holder loses it for having been silent, and may not have been heard of since. */
export const leaseRows = (
  stream: StreamId,
  { state: before, leaseUntil }: Pick<LoadedStream, 'state' | 'leaseUntil'>,
  after: string,
  isSilent = false,
): readonly LeaseRow[] => {
  if (!isTaskStream(stream)) return []
  const was = parseTask(before)?.lease ?? null
  const is = parseTask(after)?.lease ?? null
  const from = isSilent && was !== null && leaseUntil !== null ? { from: leaseUntil } : {}
  if (is !== null) {
    const unchanged = was !== null && sameFence(was.fence, is.fence) && was.expiresAt === is.expiresAt
    return unchanged ? [] : [{ stream, fence: is.fence, until: is.expiresAt, ...from }]
  }
  return was === null ? [] : [{ stream, fence: was.fence, until: null, ...from }]
}

/** What has to happen outside because of new events. Pure: rows for the outbox, written in the same transaction as the events. */
import type { StoredEvent, StreamId } from '../domain/event/envelope.ts'
import { reconcileLedger, reconcileTask, settleDependents } from './effects.ts'
import { isTaskStream, projectOf } from './fold.ts'
import type { LoadedStream, OutboxItem } from './ports.ts'

export const effectsOf = (
  stream: StreamId,
  events: readonly StoredEvent[],
  { now }: Pick<LoadedStream, 'now'>,
): readonly OutboxItem[] => {
  const last = events.at(-1)
  if (last === undefined) return []
  if (!isTaskStream(stream)) return [reconcileLedger(stream, now)]
  const { version } = last
  const completed = events.some(({ type }) => type === 'task-completed')
  const reopened = events.some(({ type }) => type === 'task-reopened')
  return [
    reconcileTask(stream, now),
    reconcileLedger(projectOf(stream), now),
    ...(completed || reopened ? [settleDependents({ stream, settled: completed, version }, now)] : []),
  ]
}

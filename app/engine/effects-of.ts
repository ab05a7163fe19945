/** What has to happen outside because of new events. Pure: rows for the outbox, written in the same transaction as the events. */
import type { StoredEvent, StreamId } from '../domain/event/envelope.ts'
import type { TaskEventData, TaskEventType } from '../domain/task/events.ts'
import { reconcileLedger, reconcileTask, settleDependency, settleDependents } from './effects.ts'
import { isTaskStream, projectOf } from './fold.ts'
import type { LoadedStream, OutboxItem } from './ports.ts'

export const effectsOf = (
  stream: StreamId,
  events: readonly StoredEvent[],
  { now }: Pick<LoadedStream, 'now'>,
): readonly OutboxItem[] => {
  if (events.length === 0) return []
  if (!isTaskStream(stream)) return [reconcileLedger(stream, now)]
  return [
    reconcileTask(stream, now),
    reconcileLedger(projectOf(stream), now),
    ...(events.some(({ type }) => SETTLING.has(type)) ? [settleDependents({ stream }, now)] : []),
    ...events.flatMap((event) => {
      if (event.type !== 'dependency-added') return []
      const { on } = event.data as TaskEventData['dependency-added']
      return [settleDependency({ stream, on: on.stream }, now)]
    }),
  ]
}

/** Events that may close a task or open it again; a retry opens a failed one. */
const SETTLING: ReadonlySet<string> = new Set<TaskEventType>([
  'task-completed',
  'task-failed',
  'task-canceled',
  'task-reopened',
  'retries-renewed',
])

/** What has to happen outside because of new events. Pure: rows for the outbox, written in the same transaction as the events. */
import type { StoredEvent, StreamId } from '../domain/event/envelope.ts'
import { isUrgent } from '../domain/schedule/is-urgent.ts'
import type { Task } from '../domain/task/state.ts'
import { makeRoomFor, reconcileLedger, reconcileTask, settleDependents } from './effects.ts'
import { isTaskStream, parseTask, projectOf } from './fold.ts'
import type { LoadedStream, OutboxItem } from './ports.ts'

export const effectsOf = (
  stream: StreamId,
  events: readonly StoredEvent[],
  { now, state: before = null }: Partial<LoadedStream> & Pick<LoadedStream, 'now'>,
  after: string | null = null,
): readonly OutboxItem[] => {
  const last = events.at(-1)
  if (last === undefined) return []
  if (!isTaskStream(stream)) return [reconcileLedger(stream, now)]
  const { version } = last
  const completed = events.some(({ type }) => type === 'task-completed')
  const reopened = events.some(({ type }) => type === 'task-reopened')
  const isNews = becameUrgent(parseTask(before), parseTask(after))
  return [
    reconcileTask(stream, now),
    reconcileLedger(projectOf(stream), now),
    ...(completed || reopened ? [settleDependents({ stream, settled: completed, version }, now)] : []),
    ...(isNews ? [makeRoomFor({ stream, version }, now)] : []),
  ]
}

const becameUrgent = (before: Task | null, after: Task | null): boolean =>
  after !== null && isUrgent(after) && (before === null || !isUrgent(before))

/** What has to happen outside because of new events. Pure: rows for the outbox, written in the same transaction as the events. */
import type { StoredEvent, StreamId } from '../domain/event/envelope.ts'
import { isUrgent } from '../domain/schedule/is-urgent.ts'
import type { TaskEventData, TaskEventType } from '../domain/task/events.ts'
import type { Task } from '../domain/task/state.ts'
import { makeRoomFor, reconcileLedger, reconcileTask, settleDependency, settleDependents } from './effects.ts'
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
  const [was, is] = [parseTask(before), parseTask(after)]
  const isNews = becameUrgent(was, is)
  const homes = new Set([was?.project ?? projectOf(stream), is?.project ?? projectOf(stream)])
  return [
    reconcileTask(stream, now),
    ...[...homes].map((project) => reconcileLedger(project, now)),
    ...(events.some(({ type }) => SETTLING.has(type)) ? [settleDependents({ stream }, now)] : []),
    ...events.flatMap((event) => {
      if (event.type !== 'dependency-added') return []
      const { on } = event.data as TaskEventData['dependency-added']
      return [settleDependency({ stream, on: on.stream }, now)]
    }),
    ...(isNews ? [makeRoomFor({ stream, version: last.version }, now)] : []),
  ]
}

const becameUrgent = (before: Task | null, after: Task | null): boolean =>
  after !== null && isUrgent(after) && (before === null || !isUrgent(before))

/** Events that may close a task or open it again; a retry opens a failed one. */
const SETTLING: ReadonlySet<string> = new Set<TaskEventType>([
  'task-completed',
  'task-failed',
  'task-canceled',
  'task-reopened',
  'retries-renewed',
])

/** The past of a task out of the event log: read, brought up to today's shape, and handed to the pure questions of domain/history. */
import type { StreamId } from '../domain/event/envelope.ts'
import { upcast } from '../domain/event/upcast.ts'
import type { History } from '../domain/history/history.ts'
import type { TaskEvent } from '../domain/task/events.ts'
import { parseTask } from './fold.ts'
import type { EventLog } from './ports.ts'

/** Null for a stream that nothing is known of. */
export const historyOf = async (log: Pick<EventLog, 'read' | 'base'>, stream: StreamId): Promise<History | null> => {
  const base = await log.base(stream)
  const events = await log.read(stream, base?.version ?? 0)
  const task = parseTask(base?.state ?? null)
  if (task === null && events.length === 0) return null
  return {
    base: base === null || task === null ? null : { version: base.version, task },
    // The log of a task stream holds task events; evolve ignores what it does not know.
    events: events.map((event) => upcast(event) as TaskEvent),
  }
}

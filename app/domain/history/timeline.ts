/** A task's history as people read it: one line per event, newest last. Nothing is left out here; whoever shows it bounds it. */
import type { Millis } from '../event/envelope.ts'
import type { TaskEvent } from '../task/events.ts'
import { neutraliseCell } from '../text/neutralise.ts'
import { renderEvent } from './render-event.ts'

export interface Line {
  readonly version: number
  readonly at: Millis
  readonly who: string
  readonly what: string
}

const WHO = 40

/** All words in it are safe in a cell of a table. */
export const timeline = (events: readonly TaskEvent[]): readonly Line[] =>
  events.map((event) => ({
    version: event.version,
    at: event.at,
    who: event.actor.kind === 'app' ? 'Muster' : neutraliseCell(event.actor.id, WHO),
    what: renderEvent(event),
  }))

/** Why, in the words of whoever did it; null when they gave none. */
export const reasonOf = ({ data }: Pick<TaskEvent, 'data'>): string | null => {
  if ('reason' in data) return data.reason
  if ('failure' in data) return `${data.failure.class}: ${data.failure.message}`
  return 'blocker' in data ? data.blocker.reason : null
}

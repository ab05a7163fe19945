/** Older schema versions of events are read as today's. A change of an event's data adds a row here; the log itself never changes. */
import type { StoredEvent } from './envelope.ts'

/** From one version of an event's data to the next, by event type and the version it starts from. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, (data: unknown) => unknown>>>>

export const UPCASTERS: Upcasters = {}

/** The event as today's code reads it; hash and place stay those of the log. */
export const upcast = (event: StoredEvent, upcasters: Upcasters = UPCASTERS): StoredEvent => {
  let current = event
  for (let next = step(current, upcasters); next !== null; next = step(current, upcasters)) current = next
  return current
}

const step = (event: StoredEvent, upcasters: Upcasters): StoredEvent | null => {
  const change = upcasters[event.type]?.[event.v]
  return change === undefined ? null : { ...event, v: event.v + 1, data: change(event.data) }
}

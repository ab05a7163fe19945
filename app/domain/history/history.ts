/** A task's log as the questions about its past need it: the events that are here, and the state before them when older ones are not. */
import type { Millis } from '../event/envelope.ts'
import type { TaskEvent } from '../task/events.ts'
import { evolveTask } from '../task/evolve.ts'
import type { Task } from '../task/state.ts'

/** `base`: what an imported stream begins with; its own history is not in this log. */
export interface History {
  readonly base: { readonly version: number; readonly task: Task } | null
  /** In order, without gaps, from the version after the base on. */
  readonly events: readonly TaskEvent[]
}

/** A version, or a time: the task as it stood after the last event that was not later. */
export type Point = { readonly version: number } | { readonly time: Millis }

export type Looked =
  | { readonly ok: true; readonly version: number; readonly task: Task | null }
  /** `older`: the events of that time are not here; `newer`: there is no such version yet. */
  | { readonly ok: false; readonly why: 'older' | 'newer' }

/** The first version whose state is known, and the newest. */
export const reach = ({ base, events }: History): { readonly oldest: number; readonly newest: number } => ({
  oldest: base?.version ?? 0,
  newest: (base?.version ?? 0) + events.length,
})

/** The task as it was. Null where it was not there yet. */
export const taskAt = (history: History, point: Point): Looked => {
  const { oldest, newest } = reach(history)
  const version =
    'version' in point ? point.version : oldest + history.events.findLastIndex(({ at }) => at <= point.time) + 1
  if (version > newest) return { ok: false, why: 'newer' }
  if (version < oldest) return { ok: false, why: 'older' }
  // The base is of a time that nothing here tells: only what came after it has one.
  if ('time' in point && version === oldest && history.base !== null) return { ok: false, why: 'older' }
  const events = history.events.slice(0, version - oldest)
  return { ok: true, version, task: events.reduce(evolveTask, history.base?.task ?? null) }
}

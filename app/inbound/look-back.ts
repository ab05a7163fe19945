/** What `show` answers of another time, and `history`. Reads the log only; how it is said on which surface comes after. */
import { changesBetween, type ToldChange } from '../domain/history/changes-between.ts'
import { renderPath } from '../domain/history/difference.ts'
import { reach, taskAt, type History, type Point } from '../domain/history/history.ts'
import { renderChanges, renderHistory } from '../domain/history/render-history.ts'
import { reasonOf, timeline } from '../domain/history/timeline.ts'
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskEvent } from '../domain/task/events.ts'
import type { Task } from '../domain/task/state.ts'
import { historyOf } from '../engine/history.ts'
import type { EventLog } from '../engine/ports.ts'
import type { Intent } from './catalogue/intent.ts'

export type LookedBack =
  | {
      readonly ok: true
      /** As it was then, or is now. */
      readonly task: Task
      /** Null: a card of the task says it. */
      readonly text: string | null
      /** Members of an answer in JSON. */
      readonly data: Readonly<Record<string, unknown>>
    }
  | { readonly ok: false; readonly rejection: Rejection }

/** Events that one answer holds; `before` asks for those before them. */
const PAGE = 200

const NOT_A_TASK = { ok: false, rejection: { code: 'not-a-task' } } as const

export const showThen = async (log: EventLog, stream: StreamId, point: Point): Promise<LookedBack> => {
  const history = await historyOf(log, stream)
  const now = history === null ? null : newestOf(history)
  if (history === null || now === null) return NOT_A_TASK
  const looked = taskAt(history, point)
  if (!looked.ok || looked.task === null) return unknown(now.key, history)
  const { task, version } = looked
  return { ok: true, task, text: null, data: { version, state: task } }
}

export const lookBack = async (
  log: EventLog,
  stream: StreamId,
  { range, before }: Intent & { readonly kind: 'history' },
): Promise<LookedBack> => {
  const history = await historyOf(log, stream)
  const task = history === null ? null : newestOf(history)
  if (history === null || task === null) return NOT_A_TASK
  const { key } = task
  if (range !== null) {
    const { from, to } = range
    const changes = changesBetween(history, from, to)
    if (changes === null) return unknown(key, history)
    const told = { from, to, changes: changes.map(toldChange) }
    return { ok: true, task, text: renderChanges(key, from, to, changes), data: { difference: told } }
  }
  const events = history.events.filter(({ version }) => before === null || version < before)
  const shown = events.slice(-PAGE)
  const told = {
    ...known(history),
    /** How many that are here come before the first of these. */
    older: events.length - shown.length,
    events: shown.map(toldEvent),
  }
  return { ok: true, task, text: renderHistory(key, history), data: { history: told } }
}

const newestOf = (history: History): Task | null => {
  const looked = taskAt(history, { version: reach(history).newest })
  return looked.ok ? looked.task : null
}

/** Before the first event there is no task to be shown. */
const known = (history: History) => {
  const { oldest, newest } = reach(history)
  return { oldest: Math.max(1, oldest), newest }
}

const unknown = (key: string, history: History): LookedBack => ({
  ok: false,
  rejection: { code: 'no-such-version', key, ...known(history) },
})

const iso = (at: Millis): string => new Date(at).toISOString()

const toldEvent = (event: TaskEvent) => {
  const { version, at, actor, cause, type, v, data } = event
  return { version, at: iso(at), actor, cause, event: type, v, data, words: timeline([event])[0]?.what ?? '' }
}

/** Absent `before`: it is new. Absent `after`: it is gone. */
const toldChange = ({ path, before, after, by }: ToldChange) => ({
  path: renderPath(path),
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  by: {
    version: by.version,
    at: iso(by.at),
    actor: by.actor,
    event: by.type,
    cause: by.cause,
    reason: reasonOf(by),
  },
})

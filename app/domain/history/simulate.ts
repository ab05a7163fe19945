/**
 * What a log would have decided under other settings: every decision that its events tell enough of is made again, on the state
 * that was really there, and listed where it comes out otherwise. What would have followed from that is not played on. The events
 * do not tell of refusals, of how long a holder had been silent, of a claim whether its time to live was asked for or the
 * default, and, in logs of versions that kept no note of it, how long a limit said to wait.
 */
import { canonicalJson } from '../event/canonical-json.ts'
import type { Millis, StreamId } from '../event/envelope.ts'
import type { Rejection } from '../rejection.ts'
import { unaffordable } from '../budget/unaffordable.ts'
import { afterFailure } from '../retry/after-failure.ts'
import type { Settings } from '../settings.ts'
import { askAboutDependencies } from '../task/decide/ask-about-dependencies.ts'
import { claimTask } from '../task/decide/claim.ts'
import type { NewTaskEvent, TaskEvent, TaskEventType } from '../task/events.ts'
import { evolveTask } from '../task/evolve.ts'
import type { Task } from '../task/state.ts'
import type { History } from './history.ts'

interface Told {
  readonly type: TaskEventType
  readonly data: unknown
}

/** What a decision came to: events, as far as the settings have a say in them, or a refusal. */
export type Consequence =
  | {
      readonly outcome: 'decided'
      readonly events: readonly Told[]
    }
  | { readonly outcome: 'refused'; readonly rejection: Rejection }

export interface Divergence {
  readonly stream: StreamId
  readonly key: string
  /** Of the event that the decision is about. */
  readonly version: number
  readonly at: Millis
  readonly event: TaskEventType
  readonly was: Consequence
  readonly would: Consequence
}

export interface Simulated {
  /** How many decisions were made again. */
  readonly looked: number
  readonly divergences: readonly Divergence[]
}

export const simulate = (history: History, settings: Settings): Simulated => {
  let task = history.base?.task ?? null
  let looked = 0
  const divergences: Divergence[] = []
  for (const [at, event] of history.events.entries()) {
    const point =
      task === null ? null : decisionOf(task, event, history.events.slice(at + 1, at + 1 + MOST_AFTER), settings)
    if (point !== null) {
      looked += 1
      if (canonicalJson(point.was) !== canonicalJson(point.would)) divergences.push(point)
    }
    task = evolveTask(task, event)
  }
  return { looked, divergences }
}

/** More events than one command makes of a failure. */
const MOST_AFTER = 10

/** `task`: as it stood right before the event. Null: the settings had no say in it. */
const decisionOf = (
  task: Task,
  event: TaskEvent,
  after: readonly TaskEvent[],
  settings: Settings,
): Divergence | null => {
  const decided = (was: Consequence, would: Consequence): Divergence => ({
    stream: task.stream,
    key: task.key,
    version: event.version,
    at: event.at,
    event: event.type,
    was,
    would,
  })
  switch (event.type) {
    case 'lease-granted':
      return decided(claims([event]), claimed(task, event, settings))
    case 'lease-extended':
      return decided(claims([event]), extended(task, event, settings))
    case 'attempt-failed': {
      const { failure, retryAfterMs = null } = event.data
      // Events of one cause came of one command.
      const same = after.filter(({ cause }) => cause === event.cause)
      const settled = [event, ...same].reduce(evolveTask, task as Task | null) ?? task
      const context = { now: event.at, settings }
      const would = askAboutDependencies(task, [event, ...afterFailure(task, failure, retryAfterMs, context)], context)
      return decided(following(same), following(unaffordable(would, settled, { settings })))
    }
    default:
      return null
  }
}

type EventOf<Type extends TaskEventType> = TaskEvent & { readonly type: Type }
type Decided = NewTaskEvent | TaskEvent

/** It is asked again as it was, by whoever asked. */
const claimed = (task: Task, { at, actor, data }: EventOf<'lease-granted'>, settings: Settings): Consequence => {
  const { owner, ttlMs, runId, fence } = data.lease
  const command = { type: 'claim-task', owner, ttlMs, runId, baseSha: data.baseSha, model: data.model } as const
  return answer(claimTask(task, command, { now: at, actor, epoch: fence.epoch, paused: null, settings }))
}

const extended = (task: Task, { at, actor, data }: EventOf<'lease-extended'>, settings: Settings): Consequence => {
  const owner = task.lease?.owner ?? actor.id
  const command = { type: 'claim-task', owner, ttlMs: data.ttlMs, runId: null, baseSha: null, model: null } as const
  return answer(claimTask(task, command, { now: at, actor, epoch: data.fence.epoch, paused: null, settings }))
}

const answer = (decision: ReturnType<typeof claimTask>): Consequence =>
  decision.ok ? claims(decision.events) : { outcome: 'refused', rejection: decision.rejection }

/** Who may work, and for how long without a heartbeat. */
const claims = (events: readonly Decided[]): Consequence => ({
  outcome: 'decided',
  events: events.flatMap(({ type, data }): readonly Told[] => {
    if (type === 'lease-granted') return [{ type, data: { owner: data.lease.owner, ttlMs: data.lease.ttlMs } }]
    return type === 'lease-extended' ? [{ type, data: { ttlMs: data.ttlMs } }] : []
  }),
})

/** What may follow a failure. */
const FOLLOWS: ReadonlySet<TaskEventType> = new Set<TaskEventType>([
  'task-held',
  'task-readied',
  'human-needed',
  'tier-changed',
])

const following = (events: readonly Decided[]): Consequence => ({
  outcome: 'decided',
  events: events.flatMap(({ type, data }) => (FOLLOWS.has(type) ? [{ type, data }] : [])),
})

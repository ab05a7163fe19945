/**
 * What a log would have decided under other settings: every decision that its events tell enough of is made again, on the state
 * that was really there, and listed where it comes out otherwise. What would have followed from that is not played on: whether
 * a holder who would have had more time would have used it is not known. The events do not tell of refusals, and those of versions
 * that kept no note of it neither of deadlines, of whether a time to live was asked for, nor of how long a limit said to wait.
 */
import { canonicalJson } from '../event/canonical-json.ts'
import type { Millis, StreamId } from '../event/envelope.ts'
import type { Rejection } from '../rejection.ts'
import { unaffordable } from '../budget/unaffordable.ts'
import { afterFailure } from '../retry/after-failure.ts'
import { isStale } from '../schedule/is-stale.ts'
import type { Settings } from '../settings.ts'
import { askAboutDependencies } from '../task/decide/ask-about-dependencies.ts'
import { claimTask } from '../task/decide/claim.ts'
import { expire } from '../task/decide/tick.ts'
import type { Amount } from '../task/details.ts'
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

/** `usualBefore`: what attempts of the project had usually taken by then; absent: nothing is known of that. */
export const simulate = (
  history: History,
  settings: Settings,
  usualBefore: (at: Millis) => Amount = () => ({ microUsd: null, tokens: null }),
): Simulated => {
  let task = history.base?.task ?? null
  let looked = 0
  const divergences: Divergence[] = []
  /** What the lease's time to live would have been; null: nothing says that it would have been another. */
  let ttlMs: Millis | null = null
  for (const [at, event] of history.events.entries()) {
    const after = history.events.slice(at + 1, at + 1 + MOST_AFTER)
    const point = task === null ? null : decisionOf(task, event, after, { settings, usualBefore, ttlMs })
    if (point !== null) {
      looked += 1
      if (canonicalJson(point.was) !== canonicalJson(point.would)) divergences.push(point)
    }
    if (event.type === 'lease-granted') ttlMs = grantedTtl(point)
    if (event.type === 'lease-extended') ttlMs = null
    task = evolveTask(task, event)
  }
  return { looked, divergences }
}

/** What is otherwise than it was. */
interface Other {
  readonly settings: Settings
  readonly usualBefore: (at: Millis) => Amount
  readonly ttlMs: Millis | null
}

/** Null where the claim would have been refused: what follows is looked at as it was. */
const grantedTtl = (point: Divergence | null): Millis | null => {
  const granted = point?.would.outcome === 'decided' ? point.would.events[0] : undefined
  return granted?.type === 'lease-granted' ? (granted.data as { readonly ttlMs: Millis }).ttlMs : null
}

/** More events than one command makes of a failure. */
const MOST_AFTER = 10

/** `task`: as it stood right before the event. Null: the settings had no say in it. */
const decisionOf = (
  task: Task,
  event: TaskEvent,
  after: readonly TaskEvent[],
  { settings, usualBefore, ttlMs }: Other,
): Divergence | null => {
  // Events of one cause came of one command.
  const same = after.filter(({ cause }) => cause === event.cause)
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
      const settled = [event, ...same].reduce(evolveTask, task as Task | null) ?? task
      const context = { now: event.at, settings }
      const would = askAboutDependencies(task, [event, ...afterFailure(task, failure, retryAfterMs, context)], context)
      return decided(
        following(same),
        following(unaffordable(would, settled, { settings, budget: { usual: usualBefore(event.at) } })),
      )
    }
    case 'lease-expired': {
      const { lease } = task
      const { deadline, takenBy } = event.data
      if (lease === null || deadline === undefined) return null
      const would = { ...lease, ttlMs: ttlMs ?? lease.ttlMs }
      const until = deadline - lease.ttlMs + would.ttlMs
      if (takenBy !== undefined && until > event.at) {
        const isTaken = isStale(would, until, event.at, settings.lease.stealAfter)
        return decided(endsOf([ended({ takenBy })]), endsOf(isTaken ? [ended({ takenBy })] : []))
      }
      const context = { now: event.at, settings }
      const was = takenBy === undefined ? [ended({ deadline }), ...nextOf(same)] : [ended({ takenBy })]
      const next = askAboutDependencies(task, expire(task, lease, until), context)
      return decided(endsOf(was), endsOf(until > event.at ? [] : [ended({ deadline: until }), ...nextOf(next)]))
    }
    default:
      return null
  }
}

type EventOf<Type extends TaskEventType> = TaskEvent & { readonly type: Type }
type Decided = NewTaskEvent | TaskEvent

/** It is asked again as it was, by whoever asked. */
const claimed = (task: Task, { at, actor, data }: EventOf<'lease-granted'>, settings: Settings): Consequence => {
  const { owner, runId, fence } = data.lease
  const ttlMs = data.ttlAsked === false ? null : data.lease.ttlMs
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

const nextOf = (events: readonly Decided[]): readonly Told[] =>
  events.flatMap(({ type, data }) => (FOLLOWS.has(type) ? [{ type, data }] : []))

const endsOf = (events: readonly Told[]): Consequence => ({ outcome: 'decided', events })

const following = (events: readonly Decided[]): Consequence => endsOf(nextOf(events))

const ended = (how: { readonly deadline: Millis } | { readonly takenBy: string }): Told => ({
  type: 'lease-expired',
  data: how,
})

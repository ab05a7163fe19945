/**
 * "I am still at it": moves a volatile deadline, with no event and no write to GitHub, however often it comes. Only news makes
 * events: the first heartbeat of an attempt, and progress or a phase that differ from what was said before.
 */
import type { Actor } from '../domain/actor.ts'
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import { isRejection, requireLease } from '../domain/task/decide/require-lease.ts'
import { epochOf } from '../domain/task/epoch-of.ts'
import { hasBegun } from '../domain/task/decide/tick.ts'
import { renderFence } from '../domain/task/fence.ts'
import { signalsOf, type Signals } from '../domain/task/signals.ts'
import type { Fence, Lease, Task } from '../domain/task/state.ts'
import { parseTask } from './fold.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** How far the work is; null: not said, and as it was. */
export interface Said {
  /** 0 to 100. */
  readonly percent: number | null
  readonly text: string | null
  readonly phase: string | null
}

const NOTHING: Said = { percent: null, text: null, phase: null }

export type Beat =
  | { readonly ok: true; readonly until: Millis; readonly signals: Signals }
  | { readonly ok: false; readonly rejection: Rejection }

/** Moves the deadline to one TTL from now. A lost lease is an explicit answer. */
export const heartbeat = async (
  engine: Engine,
  stream: StreamId,
  fence: Fence | null,
  actor: Actor,
  said: Said = NOTHING,
): Promise<Beat> => {
  const { log, projections, leases } = engine.store
  const task = parseTask((await log.load(stream)).state)
  if (task === null) return { ok: false, rejection: { code: 'not-a-task' } }
  const project = await projections.project(task.project)
  const epoch = epochOf(task, project)
  const lease = requireLease(task, fence, { actor, epoch }, 'heartbeat')
  if (isRejection(lease)) return { ok: false, rejection: lease }
  const until = await leases.renew(stream, lease.fence, lease.ttlMs)
  if (until === null) return { ok: false, rejection: { code: 'no-lease', key: task.key, verb: 'heartbeat' } }
  for (const { command, cause } of news(engine, task, lease, said)) {
    const { outcome } = await handleCommand(engine, { stream, command, actor, cause })
    if (!outcome.ok) return outcome
  }
  return { ok: true, until, signals: signalsOf(task, project?.kills) }
}

const news = (
  { ids }: Engine,
  task: Task,
  { attempt, fence }: Lease,
  { percent, text, phase }: Said,
): readonly { readonly command: TaskCommand; readonly cause: string }[] => {
  const first: TaskCommand[] = hasBegun(task, attempt) ? [] : [{ type: 'start-attempt', fence }]
  const later: TaskCommand[] = []
  if (phase !== null && phase !== task.details.phase?.name) later.push({ type: 'enter-phase', name: phase, fence })
  const before = { percent: null, text: null, ...task.details.progress }
  const after = { percent: percent ?? before.percent, text: text ?? before.text }
  if (after.percent !== before.percent || after.text !== before.text) {
    later.push({ type: 'report-progress', ...after, fence })
  }
  return [
    // Once for each attempt, by whichever of two heartbeats comes first.
    ...first.map((command) => ({ command, cause: `beat:${task.stream}:${renderFence(fence)}` })),
    ...later.map((command) => ({ command, cause: `beat:${task.stream}:${ids.ulid()}` })),
  ]
}

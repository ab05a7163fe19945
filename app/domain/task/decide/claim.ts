/**
 * Granting the right to work: one live lease per task, a fence that only grows. The holder may ask again: nothing happens, or
 * the lease starts anew with the time to live that it names.
 */
import { accept, reject, type Rejection } from '../../rejection.ts'
import { MIN_LEASE_MS, type Settings } from '../../settings.ts'
import type { Millis } from '../../event/envelope.ts'
import { isStale } from '../../schedule/is-stale.ts'
import type { Actor } from '../../actor.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { nextFence } from '../fence.ts'
import { MOST } from '../limits.ts'
import type { TaskCommandOf } from '../commands.ts'
import { NO_INPUTS, type AttemptInputs, type Lease, type Task } from '../state.ts'
import type { Decide, TaskDecision } from './context.ts'
import { waitsOn } from './readiness.ts'
import { refuseUnfit } from './refuse-unfit.ts'
import { isHeldBy } from './require-lease.ts'
import { hasBegun } from './tick.ts'
import { tooMany } from './too-many.ts'

export const claimTask: Decide<'claim-task'> = (task, command, { now, actor, epoch, paused, settings }) => {
  const { lease, key } = task
  if (lease !== null) {
    const same = lease.owner === command.owner && isHeldBy(lease, actor)
    const isGivenUp =
      command.steal === true && isStale(lease, command.leaseUntil ?? null, now, settings.lease.stealAfter)
    if (!isGivenUp && (!same || command.unheld === true))
      return reject({ code: 'already-claimed', key, holder: lease.owner, until: lease.expiresAt })
    if (!isGivenUp && lease.fence.epoch >= epoch)
      return command.ttlMs === null ? accept() : extend(lease, command.ttlMs, now, settings)
  }
  if (paused !== null) return reject({ code: 'project-paused', reason: paused })
  if (task.status === 'blocked') {
    return reject({ code: 'blocked', key, reasons: task.blockers.map((blocker) => blocker.reason) })
  }
  if (task.status === 'waiting' || (lease !== null && task.waitsFor.length > 0)) {
    const until = task.waiting?.for === 'backoff' ? task.waiting.until : null
    return reject({ code: 'waits', key, until, on: waitsOn(task) })
  }
  if (lease === null && task.status !== 'ready')
    return reject({ code: 'wrong-status', key, status: task.status, verb: 'claim' })
  const { inputProblems: problems = [] } = command
  if (problems.length > 0) return reject({ code: 'input-invalid', key, step: null, problems })

  if (task.attempts.length >= MOST.attempts) return tooMany(task, 'attempts')
  if (!mayOwn(command.owner, actor, settings)) {
    const listed = settings.agents.map(({ id }) => id).join(', ')
    const problem = `agent "${command.owner}" is not listed under agents: in the configuration, which has ${listed}`
    return reject({ code: 'invalid-argument', argument: 'agent', problem })
  }
  const spelled = otherSpelling(command.owner, actor, settings)
  if (spelled !== null) {
    const problem = `the configuration calls that agent "${spelled}"; claim it under that name`
    return reject({ code: 'invalid-argument', argument: 'agent', problem })
  }
  const unfit = refuseUnfit(task, command.owner, actor, settings)
  if (unfit !== null) return reject(unfit)
  const ttlMs = command.ttlMs ?? ownTtl(task, settings)
  const outside = outOfRange(ttlMs, settings)
  if (outside !== null) return reject(outside)
  return accept(
    ...(lease === null ? [] : command.steal === true ? takeOver(task, lease, command) : giveBack(lease)),
    taskEvent('lease-granted', {
      lease: {
        attempt: task.attempts.length + 1,
        fence: nextFence(task.fence, epoch),
        owner: command.owner,
        holder: actor,
        ttlMs,
        expiresAt: now + ttlMs,
        runId: command.runId,
      },
      baseSha: command.baseSha,
      model: command.model,
      ttlAsked: command.ttlMs !== null,
      ...inputsOf(command),
    }),
  )
}

/** What the task says of it, as far as the project allows. */
const ownTtl = ({ details }: Task, { lease }: Settings): Millis =>
  details.leaseTtlMs === undefined ? lease.ttlMs : Math.max(MIN_LEASE_MS, Math.min(details.leaseTtlMs, lease.maxTtlMs))

const inputsOf = ({
  tools = [],
  runner,
  configSha256,
}: TaskCommandOf<'claim-task'>): { readonly inputs?: AttemptInputs } =>
  tools.length === 0 && runner === undefined && configSha256 === undefined
    ? {}
    : { inputs: { ...NO_INPUTS, tools, runner: runner ?? null, configSha256: configSha256 ?? null } }

/** A lease whose fence an epoch has made void is still its holder's to renew: with a new attempt under a new fence. */
const giveBack = ({ attempt, fence }: Lease): readonly NewTaskEvent[] => [
  taskEvent('lease-released', { attempt, fence, reason: 'its fence is of an older epoch; claimed again' }),
  taskEvent('task-readied', { reason: 'claimed again' }),
]

/** The list is of agents; a person who has the role works for themselves. */
const mayOwn = (owner: string, actor: Actor, { agents }: Settings): boolean =>
  agents.length === 0 || agents.some(({ id }) => id === owner) || (actor.kind === 'user' && actor.id === owner)

const outOfRange = (ttlMs: Millis, { lease }: Settings): Rejection | null =>
  ttlMs < MIN_LEASE_MS || ttlMs > lease.maxTtlMs
    ? { code: 'ttl-out-of-range', minMs: MIN_LEASE_MS, maxMs: lease.maxTtlMs }
    : null

/** Limits of agents go by the name: who is spelled otherwise would have none. Null: it is spelled so, or is not named there. */
const otherSpelling = (owner: string, { id }: Actor, { agents, budgets }: Settings): string | null => {
  const names = [...agents.map((agent) => agent.id), ...Object.keys(budgets?.agents ?? {})]
  if (owner === id || names.includes(owner)) return null
  return names.find((name) => name.toLowerCase() === owner.toLowerCase()) ?? null
}

/** The silent holder has lost it, with what it was heard to say: no failure, and no strike, since its time was not up. */
const takeOver = (
  task: Task,
  { attempt, fence }: Lease,
  { owner, leaseUntil = null }: TaskCommandOf<'claim-task'>,
): readonly NewTaskEvent[] => {
  const started = hasBegun(task, attempt)
  const strikes = started ? 0 : task.strikes
  return [
    taskEvent('lease-expired', {
      attempt,
      fence,
      started,
      strikes,
      ...(leaseUntil === null ? {} : { deadline: leaseUntil }),
      takenBy: owner,
    }),
    taskEvent('task-readied', { reason: `taken over by ${owner}` }),
  ]
}

/** Moving the deadline by less than this part of the lease is not worth an event: heartbeats do it without one. */
const WORTH = 0.1

const extend = (lease: Lease, ttlMs: Millis, now: Millis, settings: Settings): TaskDecision => {
  const outside = outOfRange(ttlMs, settings)
  if (outside !== null) return reject(outside)
  const { attempt, fence } = lease
  const expiresAt = now + ttlMs
  const isSame = ttlMs === lease.ttlMs && expiresAt - lease.expiresAt < ttlMs * WORTH
  return isSame ? accept() : accept(taskEvent('lease-extended', { attempt, fence, ttlMs, expiresAt }))
}

/** Granting the right to work: one live lease per task, a fence that only grows, and the same owner may ask again. */
import { accept, reject } from '../../rejection.ts'
import { MIN_LEASE_MS } from '../../settings.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { nextFence } from '../fence.ts'
import { MOST } from '../limits.ts'
import type { Lease } from '../state.ts'
import type { Decide } from './context.ts'
import { isHeldBy } from './require-lease.ts'
import { tooMany } from './too-many.ts'

export const claimTask: Decide<'claim-task'> = (task, command, { now, actor, epoch, paused, settings }) => {
  const { lease, key } = task
  if (lease !== null) {
    const same = lease.owner === command.owner && isHeldBy(lease, actor)
    if (!same) return reject({ code: 'already-claimed', key, holder: lease.owner, until: lease.expiresAt })
    if (lease.fence.epoch >= epoch) return accept()
  }
  if (paused !== null) return reject({ code: 'project-paused', reason: paused })
  if (task.status === 'blocked') {
    return reject({ code: 'blocked', key, reasons: task.blockers.map((blocker) => blocker.reason) })
  }
  if (task.status === 'waiting' || (lease !== null && task.waitsFor.length > 0)) {
    const until = task.waiting?.for === 'backoff' ? task.waiting.until : null
    return reject({ code: 'waits', key, until, on: task.waitsFor })
  }
  if (lease === null && task.status !== 'ready')
    return reject({ code: 'wrong-status', key, status: task.status, verb: 'claim' })

  if (task.attempts.length >= MOST.attempts) return tooMany(task, 'attempts')
  const known = settings.agents.length === 0 || settings.agents.some((agent) => agent.id === command.owner)
  if (!known) {
    const problem = `agent "${command.owner}" is not listed under agents: in the configuration`
    return reject({ code: 'invalid-argument', argument: 'agent', problem })
  }
  const ttlMs = command.ttlMs ?? settings.lease.ttlMs
  if (ttlMs < MIN_LEASE_MS || ttlMs > settings.lease.maxTtlMs) {
    return reject({ code: 'ttl-out-of-range', minMs: MIN_LEASE_MS, maxMs: settings.lease.maxTtlMs })
  }
  return accept(
    ...(lease === null ? [] : giveBack(lease)),
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
    }),
  )
}

/** A lease whose fence an epoch has made void is still its holder's to renew: with a new attempt under a new fence. */
const giveBack = ({ attempt, fence }: Lease): readonly NewTaskEvent[] => [
  taskEvent('lease-released', { attempt, fence, reason: 'its fence is of an older epoch; claimed again' }),
  taskEvent('task-readied', { reason: 'claimed again' }),
]

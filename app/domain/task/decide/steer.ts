/** What people decide: ready, retry, cancel, fail, complete, reopen, block, unblock. */
import type { Actor } from '../../actor.ts'
import { accept, reject, type Rejection } from '../../rejection.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { isClosed, type Task } from '../state.ts'
import type { CheckpointDecision } from '../details.ts'
import type { Decide, DecideContext, TaskDecision } from './context.ts'
import { MOST } from '../limits.ts'
import { readyOrWaiting, waitsOn } from './readiness.ts'
import { isHeldBy, refuseVoidFence } from './require-lease.ts'
import { tooMany } from './too-many.ts'

export const readyTask: Decide<'ready-task'> = (task) => {
  const at = task.beneath ?? task.status
  if (at === 'ready' || (at === 'waiting' && task.waiting?.for === 'dependencies')) return accept()
  if (at === 'backlog' || at === 'waiting') return accept(readyOrWaiting(task, 'made ready'))
  return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'ready' })
}

/**
 * A person's retry skips the backoff and starts the count of retries anew. A task may need a person before its first attempt,
 * and a retry is how they hand it back then too.
 */
export const retryTask: Decide<'retry-task'> = (task) => {
  const at = task.beneath ?? task.status
  const backingOff = at === 'waiting' && task.waiting?.for === 'backoff'
  if (task.status === 'waiting' && !backingOff) {
    return reject({ code: 'waits', key: task.key, until: null, on: waitsOn(task) })
  }
  if (!(backingOff || at === 'needs_human' || at === 'review' || at === 'failed')) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'retry' })
  }
  return accept(
    taskEvent('retries-renewed', { from: task.attempts.length + 1 }),
    readyOrWaiting(task, 'retry asked for'),
    ...blockAgain(task),
  )
}

/** A task that waits for a person goes on, is passed over, or is given up; the note is for whoever comes next. */
export const resolveTask: Decide<'resolve-task'> = (task, { decision, note }, context) => {
  if ((task.beneath ?? task.status) !== 'needs_human') {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'resolve' })
  }
  const by = `by ${context.actor.id}${note === null ? '' : `: ${note}`}`
  const decided = RESOLUTIONS[decision](task, by, context)
  return decided.ok ? accept(taskEvent('checkpoint-resolved', { decision, note }), ...decided.events) : decided
}

/** Done, so that what depends on it is released. */
const RESOLUTIONS: Record<CheckpointDecision, (task: Task, by: string, context: DecideContext) => TaskDecision> = {
  retry: (task, _, context) => retryTask(task, { type: 'retry-task' }, context),
  skip: (task, by, context) => completeTask(task, { type: 'complete-task', reason: `skipped ${by}` }, context),
  fail: (task, by, context) => failTask(task, { type: 'fail-task', reason: `given up ${by}` }, context),
}

/** Not while an attempt is live: its holder is at work. */
export const askPerson: Decide<'ask-person'> = (task, { reason }) => {
  const at = task.beneath ?? task.status
  if (at === 'needs_human') return accept()
  if (isClosed(at) || task.lease !== null) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'escalate' })
  }
  return accept(taskEvent('human-needed', { reason }))
}

export const endLease = (task: Task, reason: string): readonly NewTaskEvent[] =>
  task.lease === null ? [] : [taskEvent('attempt-canceled', { attempt: task.lease.attempt, reason })]

export const cancelTask: Decide<'cancel-task'> = (task, { reason }, { actor }) => {
  if (task.status === 'canceled') return accept()
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'cancel' })
  }
  const others = actor.kind === 'agent' ? refuseOthers(task, actor) : null
  if (others !== null) return reject(others)
  return accept(...endLease(task, reason), taskEvent('task-canceled', { reason }))
}

/** What a person made or somebody works on is not an agent's to end. */
const refuseOthers = ({ key, createdBy, madeByAgent, lease }: Task, actor: Actor): Rejection | null => {
  const isMaker = madeByAgent === true && createdBy === actor.id
  const isFree = lease === null || isHeldBy(lease, actor)
  return isMaker && isFree
    ? null
    : { code: 'not-the-maker', key, agent: actor.id, holder: isMaker ? (lease?.owner ?? null) : null }
}

export const failTask: Decide<'fail-task'> = (task, { reason }) => {
  if (task.status === 'failed') return accept()
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'fail' })
  }
  return accept(...endLease(task, reason), taskEvent('task-failed', { reason }))
}

/** A merge is a fact that no status can refuse; a live attempt has then succeeded. */
export const completeTask: Decide<'complete-task'> = (task, { reason }) => {
  if (task.status === 'done') return accept()
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'complete' })
  }
  const { lease } = task
  return accept(
    ...(lease === null ? [] : [taskEvent('attempt-succeeded', { attempt: lease.attempt, fence: lease.fence })]),
    taskEvent('task-completed', { reason }),
  )
}

export const reopenTask: Decide<'reopen-task'> = (task, { reason }) =>
  isClosed(task.status) ? accept(taskEvent('task-reopened', { reason }), ...blockAgain(task)) : accept()

/** What blocked a task when it was closed blocks it again when it is taken up, until a person clears it. */
export const blockAgain = ({ status, blockers, nextBlocker }: Task): readonly NewTaskEvent[] =>
  isClosed(status)
    ? [
        ...blockers.map(({ id }) => taskEvent('blocker-resolved', { id })),
        ...blockers.map(({ reason, by }, index) =>
          taskEvent('blocker-added', { blocker: { id: nextBlocker + index, reason, by } }),
        ),
      ]
    : []

export const blockTask: Decide<'block-task'> = (task, { reason, fence = null }, context) => {
  const refusal = refuseVoidFence(task, fence, context, 'block')
  if (refusal !== null) return reject(refusal)
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'block' })
  }
  if (task.blockers.some((blocker) => blocker.reason === reason)) return accept()
  if (task.blockers.length >= MOST.blockers) return tooMany(task, 'blockers')
  return accept(taskEvent('blocker-added', { blocker: { id: task.nextBlocker, reason, by: context.actor.id } }))
}

export const unblockTask: Decide<'unblock-task'> = (task, { id }) => {
  const resolved = task.blockers.filter((blocker) => id === null || blocker.id === id)
  if (resolved.length === 0) return reject({ code: 'no-such-blocker', key: task.key, id })
  return accept(...resolved.map((blocker) => taskEvent('blocker-resolved', { id: blocker.id })))
}

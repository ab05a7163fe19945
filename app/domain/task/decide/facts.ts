/** Facts put on record: title, priority, notes, evidence, artifacts, pull requests, heads, tampering. None of them is a verdict. */
import { canonicalJson } from '../../event/canonical-json.ts'
import type { Millis } from '../../event/envelope.ts'
import { accept, reject } from '../../rejection.ts'
import { taskEvent } from '../events.ts'
import { isClosed, isLive, type Attempt, type Task } from '../state.ts'
import type { Decide } from './context.ts'
import { MOST } from '../limits.ts'
import { attemptToAddTo, isRejection, refuseVoidFence } from './require-lease.ts'
import { completeTask } from './steer.ts'
import { tooMany } from './too-many.ts'

export const changeTitle: Decide<'change-title'> = (task, { title }) =>
  task.title === title ? accept() : accept(taskEvent('title-changed', { title }))

export const setPriority: Decide<'set-priority'> = (task, { priority }) =>
  task.priority === priority ? accept() : accept(taskEvent('priority-set', { priority }))

export const addNote: Decide<'add-note'> = (task, { text, fence = null }, context) => {
  const refusal = refuseVoidFence(task, fence, context, 'note')
  if (refusal !== null) return reject(refusal)
  return task.notes.length < MOST.notes
    ? accept(taskEvent('note-added', { note: { text, by: context.actor.id } }))
    : tooMany(task, 'notes')
}

export const recordEvidence: Decide<'record-evidence'> = (task, { command, exitCode, headSha, fence }, context) => {
  const place = attemptToAddTo(task, fence, context, 'evidence')
  if (isRejection(place)) return reject(place)
  return accept(
    taskEvent('evidence-recorded', {
      evidence: {
        command,
        exitCode,
        passed: exitCode === 0,
        attempt: place.attempt,
        headSha,
        trust: 'self',
        by: context.actor.id,
      },
    }),
  )
}

export const recordArtifact: Decide<'record-artifact'> = (task, { type: _, fence, ...artifact }, context) => {
  const place = attemptToAddTo(task, fence, context, 'artifact')
  if (isRejection(place)) return reject(place)
  const { attempt } = place
  const known = task.artifacts.some(
    (other) => other.url === artifact.url && other.kind === artifact.kind && other.sha256 === artifact.sha256,
  )
  return known ? accept() : accept(taskEvent('artifact-recorded', { artifact: { ...artifact, attempt } }))
}

/** Merged means done; a closed or changed one is only noted. */
export const observePullRequest: Decide<'observe-pull-request'> = (task, { pullRequest }, context) => {
  const known = task.pullRequests.find(({ number }) => number === pullRequest.number)
  const same =
    known !== undefined &&
    known.state === pullRequest.state &&
    known.headSha === pullRequest.headSha &&
    known.branch === pullRequest.branch
  if (same) return accept()
  if (known === undefined && task.pullRequests.length >= MOST['pull requests']) return tooMany(task, 'pull requests')
  const noted = taskEvent(known === undefined ? 'pull-request-linked' : 'pull-request-changed', { pullRequest })
  if (pullRequest.state !== 'merged' || isClosed(task.status)) return accept(noted)
  const done = completeTask(task, { type: 'complete-task', reason: `#${pullRequest.number} was merged` }, context)
  return done.ok ? accept(noted, ...done.events) : done
}

/** For people to say, on GitHub itself: it is taken down as it stands there. */
export const observeAssignees: Decide<'observe-assignees'> = (task, { assignees }) =>
  canonicalJson(task.assignees ?? []) === canonicalJson(assignees)
    ? accept()
    : accept(taskEvent('assignees-changed', { assignees }))

export const observeMilestone: Decide<'observe-milestone'> = (task, { milestone }) =>
  canonicalJson(task.milestone ?? null) === canonicalJson(milestone)
    ? accept()
    : accept(taskEvent('milestone-changed', { milestone }))

/**
 * A push moves the head of the attempt that its commit names, else of the live one. A push may be heard of after its attempt
 * has ended: an attempt that has no head yet still gets it, but a finished one never moves. A push of an earlier attempt that
 * is delivered once more gives the next one nothing.
 */
export const observeHead: Decide<'observe-head'> = (task, { branch, headSha, attempt: named, by }) => {
  const attempt =
    named === null
      ? (task.attempts.find(({ status }) => isLive(status)) ?? task.attempts.at(-1))
      : task.attempts.find(({ n }) => n === named)
  if (attempt === undefined) return accept()
  // Who pushed may be heard of after where the branch stands.
  const isNews = attempt.headSha !== headSha || (by !== undefined && attempt.pushedBy?.includes(by) !== true)
  if (!isNews) return accept()
  if (attempt.headSha !== headSha && !isLive(attempt.status) && attempt.headSha !== null) return accept()
  if (attempt.headSha === null && standsOn(task, headSha)) return accept()
  const who = by === undefined ? {} : { by }
  return accept(taskEvent('attempt-head-moved', { attempt: attempt.n, branch, headSha, ...who }))
}

/** Where one attempt stands, another that has no commit yet has produced nothing. */
const standsOn = (task: Task, headSha: string): boolean => task.attempts.some((other) => other.headSha === headSha)

/**
 * Anybody may name a task in a pull request. Its head is the newest attempt's only when whoever held the lease opened it, or a
 * commit says so, and the attempt has no branch of its own yet; from then on that branch is followed while the attempt lives.
 */
export const offerHead: Decide<'offer-head'> = (task, { branch, headSha, ...offer }) => {
  const attempt = task.attempts.at(-1)
  if (attempt === undefined || standsOn(task, headSha)) return accept()
  const follows = isLive(attempt.status) && attempt.branch === branch
  const free = attempt.branch === null && attempt.headSha === null
  const own = offer.attempts.includes(attempt.n) || openedByHolder(task, attempt, offer)
  return follows || (free && own)
    ? accept(taskEvent('attempt-head-moved', { attempt: attempt.n, branch, headSha }))
    : accept()
}

/** Of a lease that is over only the owner is known, and a pull request that was opened after it is no part of the attempt. */
const openedByHolder = (
  { lease }: Task,
  { n, owner, openedAt, endedAt }: Attempt,
  offer: { readonly author: string; readonly openedAt: Millis },
): boolean => {
  const isAuthor = (login: string): boolean => login.toLowerCase() === offer.author.toLowerCase()
  if (lease?.attempt === n) {
    const { kind, id } = lease.holder
    return (kind === 'user' || kind === 'bot') && isAuthor(id)
  }
  return isAuthor(owner) && endedAt !== null && openedAt <= offer.openedAt && offer.openedAt <= endedAt
}

export const reportTampering: Decide<'report-tampering'> = (_task, { what, by, detail }) =>
  accept(taskEvent('tampering-found', { what, by, detail }))

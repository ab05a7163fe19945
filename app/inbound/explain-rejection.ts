/** A rejection in words: what stands in the way, and what to do next. Plain text; surfaces neutralise it where they publish it. */
import { assertNever } from '../domain/assert-never.ts'
import type { Millis } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { renderFence } from '../domain/task/fence.ts'
import type { Limited } from '../domain/task/limits.ts'
import { isClosed, type TaskStatus } from '../domain/task/state.ts'
import { renderDuration } from '../../schemas/duration.ts'

export interface Explanation {
  readonly problem: string
  readonly next: string
}

const at = (time: Millis): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

export const explainRejection = (rejection: Rejection): Explanation => {
  switch (rejection.code) {
    case 'not-a-task':
      return { problem: 'This issue is not a task.', next: 'Comment `/task` to make it one.' }
    case 'role-too-low':
      return {
        problem: `\`${rejection.verb}\` needs the ${rejection.needed} role here; you have ${rejection.held}.`,
        next: `Ask someone with the ${rejection.needed} role to comment it.`,
      }
    case 'wrong-status':
      return {
        problem: `${rejection.key} is ${rejection.status}, so it cannot ${rejection.verb}.`,
        next: nextFor(rejection.status, rejection.verb),
      }
    case 'already-claimed':
      return {
        problem: `${rejection.key} is claimed by ${rejection.holder}${rejection.until === null ? '' : ` until ${at(rejection.until)} unless they renew it`}.`,
        next: 'Claim another task, or wait until it is released.',
      }
    case 'blocked':
      return {
        problem: `${rejection.key} is blocked: ${rejection.reasons.join('; ')}.`,
        next: 'Clear what blocks it, then comment `/unblock`.',
      }
    case 'waits':
      return rejection.until === null
        ? {
            problem: `${rejection.key} waits for ${rejection.on.length} other task(s).`,
            next: 'Finish those first, or comment `/undepends` with the one to drop; `/show` lists them.',
          }
        : {
            problem: `${rejection.key} waits until ${at(rejection.until)} before the next attempt.`,
            next: 'Comment `/retry` to skip the wait.',
          }
    case 'no-lease':
      return {
        problem: `Nobody holds ${rejection.key} now, so there is nothing to ${DOING[rejection.verb] ?? rejection.verb}.`,
        next: 'Comment `/claim` first; `/show` tells the state.',
      }
    case 'stale-fence':
      if (rejection.given.epoch < rejection.epoch) {
        return {
          problem: `The fence ${renderFence(rejection.given)} is void: the project is in epoch ${rejection.epoch} since it was restored or events of it were lost, and leases may have been given to others meanwhile.`,
          next: 'Stop, and claim again to go on under a new fence: `/claim`.',
        }
      }
      return {
        problem: `The fence ${renderFence(rejection.given)} is out of date; the newest is ${renderFence(rejection.current)}. The task was given to someone else or your lease ran out.`,
        next: 'Stop this attempt and claim again: `/claim`.',
      }
    case 'fence-missing':
      return {
        problem: `Bots and agents must name the fence of their lease on ${rejection.key}.`,
        next: 'Add `fence=…` as your claim answered it.',
      }
    case 'not-the-holder':
      return {
        problem: `${rejection.key} is held by ${rejection.holder}, not by ${rejection.actor.id}.`,
        next: 'Ask the holder to comment `/release`, or `/cancel` the task.',
      }
    case 'no-such-attempt':
      return {
        problem: `${rejection.key} has no attempt ${rejection.attempt}.`,
        next: 'Comment `/show` to see its attempts.',
      }
    case 'no-such-blocker':
      return {
        problem:
          rejection.id === null
            ? `${rejection.key} has no blocker.`
            : `${rejection.key} has no blocker with the number ${rejection.id}.`,
        next: 'Comment `/show` to see what blocks it.',
      }
    case 'unknown-reference':
      return {
        problem: `${rejection.reference} is not a task of this project.`,
        next: 'Name a task such as `#12`, or comment `/task` on that issue first.',
      }
    case 'self-dependency':
      return {
        problem: `${rejection.key} cannot depend on itself.`,
        next: 'Name another task, such as `/depends #12`.',
      }
    case 'dependency-exists':
      return {
        problem: `${rejection.key} already depends on ${rejection.on}.`,
        next: 'Nothing is left to do; `/show` lists them.',
      }
    case 'no-such-dependency':
      return {
        problem: `${rejection.key} does not depend on ${rejection.on}.`,
        next: 'Comment `/show` to see what it depends on.',
      }
    case 'dependency-cycle':
      return {
        problem: `That would close a circle: ${rejection.path.join(' → ')}.`,
        next: 'Drop one of these edges first, with `/undepends` on the task it starts from.',
      }
    case 'ttl-out-of-range':
      return {
        problem: `A lease lasts from ${renderDuration(rejection.minMs)} to ${renderDuration(rejection.maxMs)} here.`,
        next: 'Comment `/claim ttl=30m`, or another time in that range.',
      }
    case 'invalid-argument':
      return {
        problem: `${rejection.argument}: ${rejection.problem}.`,
        next: 'Comment `/help` to see how it is written.',
      }
    case 'too-many':
      return {
        problem: `${rejection.key} has ${rejection.most} ${rejection.what}, and a task keeps no more.`,
        next: WHERE_ELSE[rejection.what],
      }
    case 'project-paused':
      return {
        problem: `This project hands out no work now: ${rejection.reason}.`,
        next: 'Ask an admin of the repository to look at it and resume it.',
      }
    case 'not-understood':
      return {
        problem: `\`${rejection.verb.replaceAll('`', "'")}\` was not understood when it was written, and a command is read once.`,
        next: 'Write it again in a new comment.',
      }
    case 'idempotency-key-reused':
      return {
        problem: 'This Idempotency-Key was used for the same command with other arguments; nothing was done now.',
        next: 'Send a new Idempotency-Key, or repeat the first request exactly to get its answer again.',
      }
    default:
      return assertNever(rejection)
  }
}

/** Where the verb itself does not finish the sentence. */
const DOING: Readonly<Record<string, string>> = {
  evidence: 'attach evidence to',
  artifact: 'attach an artifact to',
  heartbeat: 'keep alive',
}

const WHERE_ELSE: Readonly<Record<Limited, string>> = {
  attempts: 'Open a new task for what is left of the work.',
  notes: 'Write it into the issue itself, which agents are given as well.',
  blockers: 'Clear some of them first with `/unblock`.',
  dependencies: 'Drop one first with `/undepends`, or let a task in between depend on several.',
  'pull requests': 'Open a new task for what is left of the work.',
}

const nextFor = (status: TaskStatus, verb: string): string => {
  if (isClosed(status)) return 'Open a new task, or reopen the issue.'
  switch (status) {
    case 'backlog':
      return verb === 'claim' ? 'Comment `/ready` first.' : 'Comment `/ready`, then `/claim`.'
    case 'ready':
      return 'Comment `/claim` to start an attempt.'
    case 'claimed':
    case 'in_progress':
      return 'Wait for the attempt to end, or comment `/release`.'
    case 'waiting':
    case 'review':
      return 'Comment `/retry` for another attempt.'
    case 'needs_human':
      return 'Comment `/retry` for another attempt, or `/cancel`.'
    case 'blocked':
      return 'Comment `/unblock` when the blocker is cleared.'
    default:
      return 'Comment `/show` to see where it stands.'
  }
}

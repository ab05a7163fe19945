/**
 * A rejection in words: what stands in the way, and what to do next, named as the surface names it. Words of others in it are
 * inert; ours can be copied as they stand.
 */
import { assertNever } from '../domain/assert-never.ts'
import type { Millis } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { isoTime } from '../domain/text/iso-time.ts'
import { renderFence } from '../domain/task/fence.ts'
import type { Limited } from '../domain/task/limits.ts'
import { statusIs } from '../domain/task/status-words.ts'
import { renderDuration } from '../../schemas/duration.ts'
import { explainBudget } from './explain-budget.ts'
import { explainKilled } from './explain-killed.ts'
import { explainPolicyRefusal } from './explain-policy-refusal.ts'
import { nextFor } from './next-for.ts'
import { firstStep, foreign, foreignCode, slashed, step, type Explanation, type Telling } from './telling.ts'

const at = isoTime

/** What most people would ask for, where the project allows it. */
const USUAL_TTL_MS: Millis = 30 * 60_000

export const explainRejection = (rejection: Rejection, telling: Telling): Explanation => {
  const First = (verb: string): string => firstStep({ verb }, telling)
  const then = (verb: string): string => step({ verb }, telling)

  switch (rejection.code) {
    case 'not-a-task':
      return { problem: 'This issue is not a task.', next: `${First('task')} to make it one.` }
    case 'role-too-low':
      return {
        problem: `\`${foreignCode(rejection.verb)}\` needs the ${rejection.needed} role here; you have ${rejection.held}.`,
        next: `Ask someone with the ${rejection.needed} role to do it.`,
      }
    case 'wrong-status':
      return {
        problem: `${rejection.key} ${statusIs(rejection.status)}, so \`${rejection.verb}\` does not apply.`,
        next: nextFor(rejection.status, rejection.verb, telling),
      }
    case 'already-claimed':
      return {
        problem: `${rejection.key} is claimed by ${foreign(rejection.holder)}${rejection.until === null ? '' : ` until ${at(rejection.until)} unless they renew it`}.`,
        next: 'Claim another task, or wait until it is released.',
      }
    case 'blocked':
      return {
        problem: `${rejection.key} is blocked: ${rejection.reasons.map((reason) => foreign(reason)).join('; ')}.`,
        next: nextFor('blocked', '', telling),
      }
    case 'waits':
      return waits(rejection, telling)
    case 'no-lease':
      if (rejection.away === true) return transferredAway(rejection.key)
      return {
        problem: `Nobody holds ${rejection.key} now, so there is nothing to ${DOING[rejection.verb] ?? rejection.verb}.`,
        next: nextFor(rejection.status ?? 'ready', 'claim', telling),
      }
    case 'stale-fence':
      return staleFence(rejection, telling)
    case 'fence-missing':
      return {
        problem: `Bots and agents must name the fence of their lease on ${rejection.key}.`,
        next:
          telling.surface === 'http'
            ? 'Add `"fence"` to `"args"`, as your claim answered it.'
            : 'Add `fence=…` as your claim answered it.',
      }
    case 'not-the-maker': {
      const { key, agent, holder } = rejection
      const other = holder === null ? `was not made by ${foreign(agent, 60)}` : `is worked on by ${foreign(holder, 60)}`
      return {
        problem: `${key} ${other}: an agent cancels only what it made itself, while nobody else works on it.`,
        next: 'Have a person with the write role comment `/cancel` on the issue.',
      }
    }
    case 'not-the-holder':
      return {
        problem: `${rejection.key} is held by ${foreign(rejection.holder)}, not by ${foreign(rejection.actor.id)}.`,
        next: `Ask the holder to release it with \`${telling.surface === 'http' ? 'release' : slashed('release', telling)}\`, or ${then('cancel')} to end the task.`,
      }
    case 'no-such-attempt':
      return {
        problem: `${rejection.key} has no attempt ${rejection.attempt}.`,
        next: `${First('show')} to see its attempts.`,
      }
    case 'no-such-version':
      return {
        problem: `${rejection.key} is known here from version ${rejection.oldest} to version ${rejection.newest}, and not before or after.`,
        next: `Ask for one of these, or ${then('history')} to see when each came about.`,
      }
    case 'no-such-blocker':
      return {
        problem:
          rejection.id === null
            ? `${rejection.key} has no blocker.`
            : `${rejection.key} has no blocker with the number ${rejection.id}.`,
        next: `${First('show')} to see what blocks it.`,
      }
    case 'no-such-finding':
      return { problem: `This project has no finding ${rejection.id}.`, next: `${First('findings')} to see them.` }
    case 'no-such-step':
      return {
        problem: `${rejection.key} has no step ${foreign(rejection.step, 60)}.`,
        next: `${First('show')} to see its steps.`,
      }
    case 'input-invalid':
    case 'output-invalid':
      return notAsSchema(rejection)
    case 'unknown-reference':
      return {
        problem: `${foreign(rejection.reference)} is not a task of this project, nor one of another project of the account that Muster knows and you may read.`,
        next: `Name a task such as \`#12\` or \`owner/repo#3\`, or make that issue one first: ${then('task')} there, where the App must be installed too.`,
      }
    case 'no-such-issue':
      return {
        problem: `#${rejection.number} is no issue of this repository that could become a task: pull requests and Muster's own ledger are none.`,
        next: `Open an issue, then ${then('task')} there.`,
      }
    case 'self-dependency':
      return { problem: `${rejection.key} cannot depend on itself.`, next: 'Name another task, such as `#12`.' }
    case 'dependency-exists':
      return {
        problem: `${rejection.key} already depends on ${rejection.on}.`,
        next: `Nothing is left to do; ${then('show')} to see its dependencies.`,
      }
    case 'no-such-dependency':
      return {
        problem: `${rejection.key} does not depend on ${rejection.on}.`,
        next: `${First('show')} to see what it depends on.`,
      }
    case 'dependency-cycle':
      return cycle(rejection.path, telling)
    case 'parent-cycle':
      return {
        problem: `A task cannot be a part of itself: ${rejection.path.join(' is a part of ')}.`,
        next: `Name another task, or take the parent of one of these away first: ${step({ verb: 'parent', words: 'none', args: { of: 'none' } }, telling)} there.`,
      }
    case 'too-deep':
      return {
        problem: `Below ${rejection.parent}, ${rejection.key} and its parts would stand more than ${rejection.most} levels deep.`,
        next: 'Name a parent that stands higher.',
      }
    case 'too-many-children':
      return {
        problem: `${rejection.key} has ${rejection.most} parts, and a task takes no more.`,
        next: 'Name another parent, such as a new task that is itself a part of it in place of some.',
      }
    case 'ttl-out-of-range': {
      const ttl = renderDuration(Math.min(Math.max(USUAL_TTL_MS, rejection.minMs), rejection.maxMs))
      return {
        problem: `A lease lasts from ${renderDuration(rejection.minMs)} to ${renderDuration(rejection.maxMs)} here.`,
        next: `${firstStep({ verb: 'claim', words: `ttl=${ttl}`, args: { ttl } }, telling)}, or another time in that range.`,
      }
    }
    case 'invalid-argument':
      return {
        problem: `${rejection.argument}: ${foreign(rejection.problem)}.`,
        next: `${First('help')} to see how it is written.`,
      }
    case 'too-many':
      return {
        problem: `${rejection.key} has ${rejection.most} ${rejection.what}, and ${rejection.what === 'tool calls' ? 'an attempt' : 'a task'} keeps no more.`,
        next: whereElse(rejection.what, telling),
      }
    case 'lacks-capabilities':
      return {
        problem: `${rejection.key} needs ${listed(rejection.lacks)}, which ${foreign(rejection.agent)} does not have.`,
        next: 'Claim another task, or have the capabilities listed for that agent under `agents:` in the configuration.',
      }
    case 'outside-share':
      return {
        problem: `${foreign(rejection.agent)} is on trial, and ${rejection.key} is not among the tasks that are its share.`,
        next: 'Claim the next task without naming one, or have a person claim this one for the agent.',
      }
    case 'nothing-ready':
      return nothingReady(rejection)
    case 'wip-limit':
      return wipLimit(rejection, telling)
    case 'budget-exceeded':
      return explainBudget(rejection, telling)
    case 'quota-exceeded':
      return {
        problem: `${foreign(rejection.agent)} may claim ${rejection.perHour} tasks an hour here, and has.`,
        next: `Go on with what it holds; the next claim is free in ${renderDuration(rejection.waitMs)}.`,
      }
    case 'project-paused':
      return {
        problem: `This project hands out no work now: ${foreign(rejection.reason)}.`,
        next: 'Ask whoever runs Muster here to look at it, then to run `npm run resume`.',
      }
    case 'killed':
      return explainKilled(rejection, telling)
    case 'not-killed':
      return {
        problem: `There is no kill of ${rejection.agent === null ? `the ${rejection.scope}` : foreign(rejection.agent)} to lift.`,
        next: 'Look at the ledger issue of the project, which lists the kills that are on.',
      }
    case 'policy-denied':
    case 'policy-loosened':
    case 'gate-open':
    case 'unknown-gate':
    case 'people-only':
    case 'own-approval':
    case 'other-head':
      return explainPolicyRefusal(rejection, telling)
    case 'no-such-group':
      return noSuchGroup(rejection, telling)
    case 'not-understood':
      return {
        problem: `\`${foreignCode(rejection.verb)}\` was not understood when it was written, and a command is read once.`,
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

type Of<Code extends Rejection['code']> = Rejection & { readonly code: Code }

const listed = (words: readonly string[]): string => words.map((word) => foreign(word)).join(', ')

const noSuchGroup = ({ name, nearest, known }: Of<'no-such-group'>, telling: Telling): Explanation => {
  const problem = `There is no portfolio or program of the name ${foreign(name, 100)} that can be shown here.`
  if (nearest !== null) {
    const asked = { verb: 'portfolio', words: foreignCode(nearest, 100), args: { name: foreignCode(nearest, 100) } }
    return { problem, next: `Did you mean ${foreign(nearest, 100)}? ${firstStep(asked, telling)}.` }
  }
  const names = known.length === 0 ? '' : `, or name one of these: ${listed(known)}`
  return { problem, next: `${firstStep({ verb: 'portfolio' }, telling)} to see where this project stands${names}.` }
}

const nothingReady = ({ waiting, blocked, unfit, retryAfterMs }: Of<'nothing-ready'>): Explanation => {
  const counts = [
    ...(waiting === 0 ? [] : [`${waiting} wait`]),
    ...(blocked === 0 ? [] : [`${blocked} are blocked`]),
    ...(unfit === 0
      ? []
      : [`${unfit} are ready for others: they need other capabilities, wait for a gate, or are being claimed`]),
  ]
  return {
    problem: `Nothing is ready for you here${counts.length === 0 ? '' : `: ${counts.join(', ')}`}.`,
    next: `Ask again in ${renderDuration(retryAfterMs)}; the same Idempotency-Key may be used.`,
  }
}

const wipLimit = ({ of, agent, most, retryAfterMs }: Of<'wip-limit'>, telling: Telling): Explanation => {
  const tasks = most === 1 ? 'one task' : `${most} tasks`
  const who = of === 'agent' && agent !== null ? `${foreign(agent)} works` : 'Agents work'
  const where = of === 'workspace' ? ' in this workspace' : of === 'project' ? ' in this project' : ''
  const again = telling.surface === 'http' ? `ask again in ${renderDuration(retryAfterMs)}` : 'claim again later'
  return {
    problem: `${who} on ${tasks}${where} already, and no more are allowed at once.`,
    next: `Finish or release one of them, or ${again}.`,
  }
}

const waits = ({ key, until, on }: Of<'waits'>, telling: Telling): Explanation => {
  if (until !== null) {
    return {
      problem: `${key} waits until ${at(until)} before the next attempt.`,
      next: `Wait for it, or ${step({ verb: 'retry' }, telling)} to skip the wait.`,
    }
  }
  const [first] = on
  const drop = first === undefined ? { verb: 'show' } : { verb: 'undepends', words: first, args: { on: first } }
  const why = first === undefined ? 'to see which' : 'to drop one'
  return {
    problem: `${key} waits for ${on.length === 1 ? `${first ?? ''}, which is not done` : `${on.length} tasks that are not done: ${on.join(', ')}`}.`,
    next: `Finish what it waits for, or ${step(drop, telling)} ${why}.`,
  }
}

const transferredAway = (key: string): Explanation => ({
  problem: `The issue of ${key} was transferred to a repository where Muster is not installed, and the work ended with that.`,
  next: 'Stop. When the issue comes back, or Muster is installed there, the task is taken up again and can be claimed.',
})

const staleFence = ({ given, current, epoch, status }: Of<'stale-fence'>, telling: Telling): Explanation => {
  const isVoid = given.epoch < epoch
  const isHeld = status === 'claimed' || status === 'in_progress'
  const again =
    status === undefined || (isVoid && isHeld)
      ? `To go on under a new fence, claim again: ${step({ verb: 'claim' }, telling)}.`
      : isHeld
        ? `Before you claim again, ${step({ verb: 'show' }, telling)} to see who works on it now.`
        : nextFor(status, 'claim', telling)
  return {
    problem: isVoid
      ? `The fence ${renderFence(given)} is void: the project is in epoch ${epoch} since it was restored or events of it were lost, and leases may have been given to others meanwhile.`
      : `The fence ${renderFence(given)} is out of date; the newest is ${renderFence(current)}. The task was given to someone else or your lease ran out.`,
    next: `Stop this attempt. ${again}`,
  }
}

const notAsSchema = ({ code, key, step, problems }: Of<'input-invalid' | 'output-invalid'>): Explanation => {
  const which = code === 'input-invalid' ? 'input' : 'output'
  const problem = `The ${which} of ${key}${step === null ? '' : `, step ${foreign(step)},`} is not as its schema says: ${problems.map((one) => foreign(one)).join('; ')}.`
  if (code === 'input-invalid' && step === null)
    return { problem, next: 'Correct its `input`, or the schema, with `update` over HTTP, then claim it again.' }
  return {
    problem,
    next: `Correct it and send the same command again over HTTP with the right \`${step === null ? which : 'data'}\`.`,
  }
}

/** The path begins and ends with the task that the edge would have started from; all others are edges that stand. */
const cycle = (path: readonly string[], telling: Telling): Explanation => {
  const [, from, on] = path
  const such =
    from === undefined || on === undefined
      ? ''
      : `, such as that of ${from}: ${step({ verb: 'undepends', words: on, args: { on } }, telling)} there`
  return {
    problem: `That would close a circle: ${folded(path).join(' → ')}.`,
    next: `Drop one of these dependencies first${such}.`,
  }
}

const LONGEST_PATH = 12

/** A long chain is named by its ends. */
const folded = (path: readonly string[]): readonly string[] =>
  path.length <= LONGEST_PATH
    ? path
    : [...path.slice(0, LONGEST_PATH / 2), `… ${path.length - LONGEST_PATH} more …`, ...path.slice(-LONGEST_PATH / 2)]

/** Where the verb itself does not finish the sentence. */
const DOING: Readonly<Record<string, string>> = {
  evidence: 'attach evidence to',
  artifact: 'attach an artifact to',
  note: 'add as its holder to',
  tool: 'report a call of a tool on',
  heartbeat: 'keep alive',
  phase: 'name a phase of',
  progress: 'report progress on',
  next: 'say the next step of',
  assign: 'sign',
  event: 'record an event of',
}

const whereElse = (what: Limited | 'findings', telling: Telling): string => {
  switch (what) {
    case 'notes':
      return 'Write it into the issue itself, which agents are given as well.'
    case 'tool calls':
      return 'Go on without reporting them, or put the rest into a log and record that as an artifact.'
    case 'blockers':
      return `Clear some of them first: ${step({ verb: 'unblock' }, telling)}.`
    case 'dependencies':
      return `Drop one first (${step({ verb: 'show' }, telling)} to see them), or let a task in between depend on several.`
    case 'findings':
      return `Retire one that holds no longer (${step({ verb: 'findings' }, telling)} to see them): ${step({ verb: 'retire', words: '1' }, telling)}.`
    case 'tags':
    case 'links':
    case 'requires':
    case 'routing':
    case 'acceptance':
    case 'steps':
      return 'Leave out those that matter least.'
    case 'attempts':
    case 'pull requests':
      return 'Open a new task for what is left of the work.'
    default:
      return assertNever(what)
  }
}

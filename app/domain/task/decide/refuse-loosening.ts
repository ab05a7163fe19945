/**
 * What agents declare of a task may not give them what people have kept from them: tags and the like that policy looks at,
 * capabilities that the task needs, its money. What holds an agent more tightly it may declare. People are not asked.
 */
import { taskLimit } from '../../budget/limits.ts'
import { UNITS } from '../../budget/books.ts'
import { play } from '../../budget/play.ts'
import { evaluate, type PolicyOutcome, type PolicyResult } from '../../policy/evaluate.ts'
import { factsOf } from '../../policy/facts.ts'
import { momentsOf } from '../../policy/moments.ts'
import type { PolicyVerb } from '../../policy/rule.ts'
import type { Rejection } from '../../rejection.ts'
import { agentSettings, unfitFor } from '../../schedule/eligible.ts'
import type { NewTaskEvent } from '../events.ts'
import type { Task } from '../state.ts'
import type { DecideContext } from './context.ts'

export const refuseLoosening = (
  task: Task,
  events: readonly NewTaskEvent[],
  context: DecideContext,
): Rejection | null => {
  const { actor, now } = context
  const declares = events.some(({ type }) => type === 'task-updated' || type === 'priority-set')
  if (actor.kind !== 'agent' || !declares) return null
  const after = play(task, events, now, actor)
  return refuseDearer(task, after, context) ?? refuseEasier(task, after, context) ?? refuseFreer(task, after, context)
}

const refuseDearer = (task: Task, after: Task, { settings }: DecideContext): Rejection | null => {
  const [had, has] = [taskLimit(task, settings), taskLimit(after, settings)]
  const isDearer = UNITS.some((unit) => had[unit] !== null && (has[unit] === null || has[unit] > had[unit]))
  return isDearer ? { code: 'people-only', verb: 'budget' } : null
}

const refuseEasier = (task: Task, after: Task, { settings, actor }: DecideContext): Rejection | null => {
  const agent = agentSettings(settings, actor.id)
  const lacks = ({ stream, details: { requires = [] } }: Task): readonly string[] => {
    const unfit = unfitFor({ stream, requires }, agent)
    return unfit !== null && 'lacks' in unfit ? unfit.lacks : []
  }
  const still = lacks(after)
  const gone = lacks(task).filter((capability) => !still.includes(capability))
  return gone.length > 0 ? { code: 'lacks-capabilities', key: task.key, agent: actor.id, lacks: gone } : null
}

/** `tool` is only asked about. */
const HELD_BACK: readonly PolicyVerb[] = ['claim', 'succeed', 'merge']

/** For every agent that is known here, so that none does it for another one. */
const refuseFreer = (task: Task, after: Task, { settings, actor, now }: DecideContext): Rejection | null => {
  const { policy, agents } = settings
  if (policy === undefined) return null
  const all = new Set([actor.id, ...agents.map(({ id }) => id), ...(task.lease === null ? [] : [task.lease.owner])])
  for (const at of [now, ...momentsOf(policy)]) {
    for (const agent of all) {
      for (const verb of HELD_BACK) {
        const said = (of: Task): PolicyResult => evaluate(policy, factsOf({ verb, agent }, of, agents, at))
        const before = said(task)
        if (isFreer(before, said(after))) {
          return { code: 'policy-loosened', key: task.key, verb, rule: before.rules[0]?.id ?? null }
        }
      }
    }
  }
  return null
}

const TIGHTNESS = { allow: 0, gate: 1, deny: 2 } as const satisfies Record<PolicyOutcome, number>

const isFreer = (before: PolicyResult, after: PolicyResult): boolean =>
  TIGHTNESS[after.outcome] < TIGHTNESS[before.outcome] ||
  (after.outcome === 'gate' && before.gates.some((gate) => !after.gates.includes(gate)))

/**
 * Policy looks at what was decided, last: whether an agent may claim, may call its work done, and whether the work may be merged.
 * People with the role are not asked. A refusal is put on record with the gate that it waits for; reports and merges are facts,
 * which no rule undoes: there the gate holds back the check that merges need. Gates fall by what is left of the decision then.
 */
import type { Actor } from '../../actor.ts'
import { evaluate, type PolicyResult } from '../../policy/evaluate.ts'
import { reasonOf } from '../../policy/explain.ts'
import { factsOf } from '../../policy/facts.ts'
import { bindingFor, gateNamed, gatesOf, stands, type Gate, type GateBinding } from '../../policy/gate.ts'
import { DEFAULT_NEEDS, needsOf, type PolicyVerb } from '../../policy/rule.ts'
import { isNews, verdictOf } from '../../policy/verdict.ts'
import { accept, rejectOnRecord, type Rejection } from '../../rejection.ts'
import type { TaskCommand } from '../commands.ts'
import { taskEvent, type NewTaskEvent, type TaskEventType } from '../events.ts'
import type { Task } from '../state.ts'
import type { DecideContext, TaskDecision } from './context.ts'
import { fallGates } from './fall-gates.ts'
import { opened } from './gates.ts'

interface Asked {
  readonly verb: PolicyVerb
  readonly agent: string
  readonly binding: GateBinding
  /** A fact cannot be refused. */
  readonly isFact: boolean
}

export const underPolicy = (
  task: Task,
  command: TaskCommand,
  context: DecideContext,
  decision: TaskDecision,
): TaskDecision => {
  const { policy, agents } = context.settings
  if (!decision.ok) return decision
  const asked = policy === undefined ? null : whatIsAsked(task, command, context.actor, decision.events)
  if (policy === undefined || asked === null) return accept(...decision.events, ...fallGates(task, decision.events))
  const facts = factsOf(asked, task, agents, context.now)
  const result = (context.evaluate ?? evaluate)(policy, facts)
  const missing = result.gates.filter((name) => !stands(gateNamed(task, name), asked.binding))
  const record = [
    ...logged(task, asked, result),
    ...missing.flatMap((name) =>
      opened(task, name, needsOf(context.settings, name) ?? DEFAULT_NEEDS, asked.verb, asked.binding),
    ),
    ...dropped(task, asked.verb, result),
  ]
  const fallen = (events: readonly NewTaskEvent[]): TaskDecision =>
    accept(...events, ...fallGates(task, events), ...record)
  if (result.outcome === 'allow' || (result.outcome === 'gate' && missing.length === 0)) {
    return fallen(decision.events)
  }
  if (!asked.isFact) return rejectOnRecord(refusal(task, asked, result, missing, context), ...record)
  // An agent's success that is forbidden does not count; what it measured does.
  const kept = result.outcome === 'deny' ? decision.events.filter(({ type }) => !VERDICTS.has(type)) : decision.events
  return fallen(kept)
}

const VERDICTS: ReadonlySet<TaskEventType> = new Set(['attempt-started', 'attempt-succeeded'])

const whatIsAsked = (task: Task, command: TaskCommand, actor: Actor, events: readonly NewTaskEvent[]): Asked | null => {
  const isAgent = actor.kind === 'agent' || actor.kind === 'bot'
  const makes = (type: TaskEventType): boolean => events.some((event) => event.type === type)
  const newest = task.attempts.at(-1)
  switch (command.type) {
    case 'claim-task': {
      if (!isAgent || !makes('lease-granted')) return null
      const binding = { attempt: task.attempts.length + 1, headSha: null }
      return { verb: 'claim', agent: command.owner, binding, isFact: false }
    }
    case 'succeed-attempt':
    case 'report-attempt': {
      const isReport = command.type === 'report-attempt'
      const { lease } = task
      if ((!isAgent && !isReport) || lease === null || !makes('attempt-succeeded')) return null
      // A person who claimed for themselves is no agent, also where CI speaks for them.
      if (lease.holder.kind === 'user' && lease.holder.id === lease.owner) return null
      const binding = { ...bindingFor(task, 'succeed'), ...headIn(events) }
      return { verb: 'succeed', agent: lease.owner, binding, isFact: isReport }
    }
    case 'observe-pull-request': {
      const { state, headSha } = command.pullRequest
      if (newest === undefined || state !== 'open' || events.length === 0) return null
      return { verb: 'merge', agent: newest.owner, binding: { attempt: newest.n, headSha }, isFact: true }
    }
    default:
      return null
  }
}

/** A report may say at once where the work stands and that it is good. */
const headIn = (events: readonly NewTaskEvent[]): { readonly headSha?: string } => {
  const move = events.find((event) => event.type === 'attempt-head-moved')
  return move?.type === 'attempt-head-moved' ? { headSha: move.data.headSha } : {}
}

const logged = (task: Task, asked: Asked, result: PolicyResult): readonly NewTaskEvent[] => {
  const verdict = verdictOf(asked, result)
  return isNews(task.verdicts, verdict) ? [taskEvent('policy-evaluated', verdict)] : []
}

/** Gates that only policy wanted, and wants no more. A denial says nothing of them. */
const dropped = (task: Task, verb: PolicyVerb, { gates, outcome }: PolicyResult): readonly NewTaskEvent[] =>
  gatesOf(task)
    .filter((gate: Gate) => outcome !== 'deny' && gate.verb === verb && gate.state !== 'approved')
    .filter(({ name }) => !gates.includes(name))
    .map(({ name }) => taskEvent('gate-closed', { gate: name, how: 'dropped', reason: 'no rule asks for it any more' }))

const refusal = (
  { key }: Task,
  { verb, binding }: Asked,
  result: PolicyResult,
  [gate]: readonly string[],
  { settings }: DecideContext,
): Rejection => {
  const reason = reasonOf(result)
  const rule = result.rules[0]?.id ?? null
  if (gate === undefined) return { code: 'policy-denied', key, verb, rule, reason }
  const { approvals, role } = needsOf(settings, gate) ?? DEFAULT_NEEDS
  return { code: 'gate-open', key, verb, gate, approvals, role, reason, headSha: binding.headSha }
}

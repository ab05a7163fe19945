/** Opening a gate and approving it. Agents may ask; only people approve, each once, none of them what is their own work. */
import type { Actor } from '../../actor.ts'
import { hasRole } from '../../actor.ts'
import { bindingFor, countApprovals, gateNamed, isFor, stands, type Gate, type GateBinding } from '../../policy/gate.ts'
import { gateNames, holdsMerge, needsOf, type GateNeeds, type PolicyVerb } from '../../policy/rule.ts'
import { accept, reject } from '../../rejection.ts'
import type { Settings } from '../../settings.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { isClosed, type Task } from '../state.ts'
import type { Decide, TaskDecision } from './context.ts'
import { isRejection, requireLease } from './require-lease.ts'

export const openGate: Decide<'open-gate'> = (task, { gate: name, fence }, context) => {
  const lease = requireLease(task, fence, context, 'gate')
  if (isRejection(lease)) return reject(lease)
  const needs = needsOf(context.settings, name)
  if (needs === null) return unknownGate(name, context.settings)
  const verb = gateNamed(task, name)?.verb ?? null
  return accept(...opened(task, name, needs, verb, bindingFor(task, verb)))
}

/** The event that opens it, unless it is open, or approved, for exactly that. */
export const opened = (
  task: Task,
  name: string,
  needs: GateNeeds,
  verb: PolicyVerb | null,
  binding: GateBinding,
): readonly NewTaskEvent[] => {
  const known = gateNamed(task, name)
  const isKnown = known !== null && isFor(known, binding)
  // One that holds back merges holds them back whichever step asked for it first.
  if (isKnown && (known.verb === verb || (holdsMerge(known.verb) && holdsMerge(verb)))) return []
  return [opening(known, name, needs, verb, binding)]
}

const opening = (
  known: Gate | null,
  name: string,
  needs: GateNeeds,
  verb: PolicyVerb | null,
  binding: GateBinding,
): NewTaskEvent => {
  const moved = known !== null && binding.headSha !== null && (known.moved === true || !isFor(known, binding))
  return taskEvent('gate-opened', { gate: name, needs, verb, ...binding, ...(moved ? { moved } : {}) })
}

export const approveGate: Decide<'approve-gate'> = (task, { gate: name, role, sha }, { actor, settings }) => {
  const known = gateNamed(task, name)
  const needs = known?.needs ?? needsOf(settings, name)
  if (needs === null) return unknownGate(name, settings)
  if (actor.kind !== 'user') return reject({ code: 'people-only', verb: 'approve-gate' })
  if (!hasRole(role, needs.role)) {
    return reject({ code: 'role-too-low', needed: needs.role, held: role, verb: 'approve-gate' })
  }
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'approve-gate' })
  }
  const verb = known?.verb ?? null
  const binding = bindingFor(task, verb)
  if (isOwnWork(task, binding, actor)) return reject({ code: 'own-approval', key: task.key, gate: name })
  const { headSha } = binding
  const isOpen = known !== null && isFor(known, binding)
  // What fell, has moved, or was never open may not be what was looked at: then the commit must be named.
  const isNamed =
    sha === null ? headSha === null || (isOpen && known.moved !== true) : headSha?.startsWith(sha) === true
  if (!isNamed) return reject({ code: 'other-head', key: task.key, gate: name, given: sha, headSha })
  const gate = isOpen ? known : null
  if (stands(gate, binding) || gate?.approvals.some(({ by }) => by.toLowerCase() === actor.id.toLowerCase()) === true) {
    return accept()
  }
  return accept(
    ...(gate === null ? [opening(known, name, needs, verb, binding)] : []),
    taskEvent('gate-approved', { gate: name, by: actor.id, role }),
    ...closing(gate, name, needs, actor),
  )
}

const closing = (gate: Gate | null, name: string, { approvals }: GateNeeds, { id }: Actor): readonly NewTaskEvent[] => {
  const before = gate?.approvals ?? []
  const count = countApprovals({ approvals: [...before, { by: id, role: 'none', at: 0 }] })
  const reason = `approved by ${[...before.map(({ by }) => by), id].join(', ')}`
  return count >= approvals ? [taskEvent('gate-closed', { gate: name, how: 'approved', reason })] : []
}

/** By whoever holds or held the lease, claimed it for an agent, or pushed to it. */
const isOwnWork = ({ lease, attempts }: Task, { attempt }: GateBinding, actor: Actor): boolean => {
  const work = attempts.find(({ n }) => n === attempt)
  const names = [work?.owner, work?.claimedBy, ...(work?.pushedBy ?? []), lease?.owner, lease?.holder.id]
  return names.some((name) => name?.toLowerCase() === actor.id.toLowerCase())
}

const unknownGate = (gate: string, settings: Settings): TaskDecision =>
  reject({ code: 'unknown-gate', gate, known: gateNames(settings) })

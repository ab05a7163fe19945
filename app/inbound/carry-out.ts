/** Carries out what a parsed command wants, the same for every surface. Who may was decided before; how to say it comes after. What only looks is in look-up.ts. */
import { assertNever } from '../domain/assert-never.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { ProjectCommand } from '../domain/project/project.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import { handleCommand } from '../engine/handle-command.ts'
import { heartbeat } from '../engine/heartbeat.ts'
import { turnKill } from '../engine/kill-switch.ts'
import { keepRejection } from '../engine/outcome.ts'
import { carried, done, refused, taskOf, type Carried, type CarryOutDeps, type Errand } from './carried.ts'
import type { Intent } from './catalogue/intent.ts'
import { renderReference, type Reference } from './catalogue/reference.ts'
import { createTask } from './create-task.ts'
import { isLook, lookUp } from './look-up.ts'
import { findDependency, resolveReference } from './resolve-reference.ts'
import { streamAt } from './standing-at.ts'

export const carryOut = async (deps: CarryOutDeps, errand: Errand): Promise<Carried> => {
  const { engine } = deps
  const { intent, place, issue } = errand
  if (isLook(intent)) return lookUp(deps, errand, intent)
  const stream = await streamAt(engine.store.projections, place, issue)

  switch (intent.kind) {
    case 'command':
      return command(deps, errand, stream, intent.command)
    case 'create-task': {
      const wanted = { number: issue, priority: intent.priority }
      const made = await createTask(deps, place, wanted, errand)
      return made === null ? refuse(deps, errand, { code: 'no-such-issue', number: issue }) : carried(made)
    }
    case 'depend':
      return depend(deps, errand, stream, intent)
    case 'parent':
      return parent(deps, errand, stream, intent.of)
    case 'heartbeat': {
      const beat = await heartbeat(engine, stream, intent.fence, errand.actor, intent.said)
      return beat.ok
        ? { ...done(await taskOf(engine, errand)), until: beat.until, signals: beat.signals }
        : refused(beat.rejection)
    }
    case 'kill':
      return kill(deps, errand, intent)
    case 'approve-gate': {
      const { gate, sha } = intent
      return command(deps, errand, stream, { type: 'approve-gate', gate, sha, role: errand.held ?? 'none' })
    }
    case 'finding':
    case 'retire':
      return changeFindings(deps, errand, intent)
    case 'reject':
      return refused(intent.rejection)
    default:
      return assertNever(intent)
  }
}

const command = async (
  { engine, facts }: CarryOutDeps,
  { actor, cause, fingerprint, place }: Errand,
  stream: StreamId,
  wanted: TaskCommand,
): Promise<Carried> => {
  // Who claims by comment, or says no base, starts from where the default branch stands.
  const needsBase = wanted.type === 'claim-task' && wanted.baseSha === null
  const command = needsBase ? { ...wanted, baseSha: await facts.defaultHead(place) } : wanted
  return carried(await handleCommand(engine, { stream, command, actor, cause, fingerprint }))
}

/** The project may have no task yet: it is stopped before its first one. */
const kill = async (
  { engine, projects }: CarryOutDeps,
  errand: Errand,
  { on, target, reason }: Intent & { readonly kind: 'kill' },
): Promise<Carried> => {
  const { stream } = await projects.open(errand.place)
  const { actor, cause, fingerprint } = errand
  const command = { type: on ? 'kill' : 'lift-kill', ...target, reason } as const
  const outcome = await turnKill(engine, { stream, command, actor, cause, fingerprint })
  return outcome.ok ? done(await taskOf(engine, errand)) : refused(outcome.rejection)
}

/** Refused before a decision was asked for; a repetition is refused as well. */
const refuse = async ({ engine }: CarryOutDeps, errand: Errand, rejection: Rejection): Promise<Carried> => {
  const outcome = await keepRejection(engine.store.log, errand, rejection)
  return outcome.ok ? done(await taskOf(engine, errand)) : refused(outcome.rejection)
}

/** A finding is learned on a task; it is kept in the project where the task is. */
const changeFindings = async (
  { engine }: CarryOutDeps,
  errand: Errand,
  intent: Intent & { readonly kind: 'finding' | 'retire' },
): Promise<Carried> => {
  const task = await taskOf(engine, errand)
  if (task === null) return refused({ code: 'not-a-task' })
  const { stream, key, lease, attempts } = task
  const command: ProjectCommand =
    intent.kind === 'retire'
      ? { type: 'retire-finding', id: intent.id, reason: intent.reason }
      : {
          type: 'record-finding',
          kind: intent.finding,
          text: intent.text,
          task: { stream, key },
          attempt: lease?.attempt ?? attempts.at(-1)?.n ?? null,
        }
  const { actor, cause, fingerprint } = errand
  const { outcome } = await handleCommand(engine, { stream: task.project, command, actor, cause, fingerprint })
  return outcome.ok ? { ...done(task), changed: outcome.changed !== false } : refused(outcome.rejection)
}

/** References are carried out one after the other, each with a cause of its own; the first refusal ends it. */
const depend = async (
  deps: CarryOutDeps,
  errand: Errand,
  stream: StreamId,
  { add, on, onFailure }: Intent & { readonly kind: 'depend' },
): Promise<Carried> => {
  const { place, actor } = errand
  const { store } = deps.engine
  let last: Carried = refused({ code: 'not-a-task' })
  for (const [index, reference] of on.entries()) {
    const one = { ...errand, cause: `${errand.cause}:${index}` }
    const task = add ? null : await taskOf(deps.engine, errand)
    const known = task === null ? null : findDependency(task, place, reference)
    const target = known ?? (await resolveReference({ store, facts: deps.facts }, place, actor, reference))
    if (target === null) {
      return refuse(deps, one, { code: 'unknown-reference', reference: renderReference(reference) })
    }
    const wanted: TaskCommand = add
      ? { type: 'add-dependency', on: target, status: 'open', path: null, onFailure }
      : { type: 'remove-dependency', on: target }
    last = await command(deps, one, stream, wanted)
    if (!last.ok) return last
  }
  return last
}

const parent = async (deps: CarryOutDeps, errand: Errand, stream: StreamId, of: Reference | null): Promise<Carried> => {
  const { store } = deps.engine
  const target =
    of === null ? null : await resolveReference({ store, facts: deps.facts }, errand.place, errand.actor, of)
  if (of !== null && target === null) {
    return refuse(deps, errand, { code: 'unknown-reference', reference: renderReference(of) })
  }
  return command(deps, errand, stream, { type: 'set-parent', parent: target, above: [], siblings: 0, below: 0 })
}

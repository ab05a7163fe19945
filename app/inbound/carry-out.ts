/** Carries out what a parsed command wants, the same for every surface. Who may was decided before; how to say it comes after. */
import { assertNever } from '../domain/assert-never.ts'
import type { Actor, Role } from '../domain/actor.ts'
import { graphViews, type GraphViews } from '../domain/dependency/graph-views.ts'
import { renderGraph } from '../domain/dependency/render-graph.ts'
import { projectStream, type Millis, type StreamId } from '../domain/event/envelope.ts'
import { renderRollUp } from '../domain/hierarchy/render-roll-up.ts'
import { rollUp } from '../domain/hierarchy/roll-up.ts'
import type { ProjectCommand } from '../domain/project/project.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import type { Signals } from '../domain/task/signals.ts'
import type { Task } from '../domain/task/state.ts'
import type { ClaimNext } from '../engine/claim-next.ts'
import { explainTree } from '../domain/policy/explain.ts'
import { explainPolicy, type PolicyAnswer } from '../engine/explain-policy.ts'
import { handleCommand, type Engine } from '../engine/handle-command.ts'
import { graphOf } from '../engine/graph-of.ts'
import { heartbeat } from '../engine/heartbeat.ts'
import { turnKill } from '../engine/kill-switch.ts'
import { taskMovements } from '../engine/movements.ts'
import { findFindings } from '../engine/find-findings.ts'
import { handOutBrief } from '../engine/hand-out-brief.ts'
import { keepRejection } from '../engine/outcome.ts'
import { partsOf } from '../engine/parts-of.ts'
import type { Intent } from './catalogue/intent.ts'
import { renderReference, type Reference } from './catalogue/reference.ts'
import { createTask } from './create-task.ts'
import { lookBack, showThen, type LookedBack } from './look-back.ts'
import { renderFindings } from './render-findings.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'
import { renderProjectCost, renderTaskCost } from './render-cost.ts'
import { findDependency, resolveReference } from './resolve-reference.ts'
import { showPortfolio } from './show-portfolio.ts'
import { streamAt, taskAt } from './standing-at.ts'
import type { Telling } from './telling.ts'

export interface CarryOutDeps {
  readonly engine: Engine
  readonly facts: GitHubFacts
  readonly projects: ProjectOpener
  readonly claimNext: ClaimNext
  /** The status card: what `show` answers. */
  readonly card: (task: Task, telling: Telling) => string
  readonly help: (verb: string | null, telling: Telling) => string
}

export interface Errand {
  readonly intent: Intent
  readonly place: RepositoryPlace
  /** 0: the question is about the project. */
  readonly issue: number
  readonly actor: Actor
  /** The role of whoever asks, as read for this; absent: none that a gate would count. */
  readonly held?: Role
  readonly cause: string
  /** See Asked: only where the cause is made up by whoever asks. */
  readonly fingerprint?: string | undefined
  /** Where the answer is read. */
  readonly telling: Telling
}

export type Carried =
  | {
      readonly ok: true
      /** The task afterwards; null when there is none. */
      readonly task: Task | null
      /** What was asked for, as Markdown; null when nothing was asked. */
      readonly text: string | null
      /** The text holds words of others as they wrote them: for agents, not to be published as it is. */
      readonly raw: boolean
      /** What `graph` asked for, as data. */
      readonly graph?: GraphViews
      /** What was asked for as members of an answer in JSON; absent where the task and the text say it all. */
      readonly data?: Readonly<Record<string, unknown>>
      /** The new deadline of a heartbeat; of a task of another time, the one that was granted. */
      readonly until: Millis | null
      /** What the holder should know, with a heartbeat; null otherwise. */
      readonly signals: Signals | null
      /** What policy says, where that was asked. */
      readonly policy?: PolicyAnswer
      /** False when what was asked for held already, the first time it was asked. */
      readonly changed: boolean
    }
  | { readonly ok: false; readonly rejection: Rejection }

export const carryOut = async (deps: CarryOutDeps, errand: Errand): Promise<Carried> => {
  const { engine, facts } = deps
  const { intent, place, issue } = errand
  const stream = await streamAt(engine.store.projections, place, issue)
  const current = () => taskOf(engine, errand)

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
      return beat.ok ? { ...done(await current()), until: beat.until, signals: beat.signals } : refused(beat.rejection)
    }
    case 'kill':
      return kill(deps, errand, intent)
    case 'approve-gate': {
      const { gate, sha } = intent
      return command(deps, errand, stream, { type: 'approve-gate', gate, sha, role: errand.held ?? 'none' })
    }
    case 'policy': {
      const project = projectStream(place.repositoryId)
      const policy = await explainPolicy(engine, project, issue === 0 ? null : stream, intent.question, errand.actor)
      return { ...done(await current()), text: explainTree(policy), raw: true, policy }
    }
    case 'show': {
      if (intent.point !== null) return lookedBack(deps, errand, await showThen(engine.store.log, stream, intent.point))
      const task = await current()
      if (task === null) return refused({ code: 'not-a-task' })
      const parts = await partsText(engine, task)
      const card = deps.card(task, errand.telling)
      return told(task, parts === null ? card : `${card}\n\n${parts}`)
    }
    case 'graph': {
      const [task, graph] = [await current(), await graphOf(engine.store, stream)]
      if (task === null || graph === null) return refused({ code: 'not-a-task' })
      return { ...told(task, renderGraph(graph)), graph: graphViews(graph) }
    }
    case 'history':
      return lookedBack(deps, errand, await lookBack(engine.store.log, stream, intent))
    case 'brief': {
      const task = await current()
      if (task === null) return refused({ code: 'not-a-task' })
      const body = (await facts.issue(place, issue))?.body ?? ''
      return told(
        task,
        await handOutBrief(engine, task, { body, budgetTokens: intent.budgetTokens }, errand.actor),
        true,
      )
    }
    case 'finding':
    case 'retire':
      return changeFindings(deps, errand, intent)
    case 'findings': {
      const texts = intent.words === '' ? [] : [intent.words]
      const found = await findFindings(engine.store, projectStream(place.repositoryId), texts)
      return told(await current(), renderFindings(found))
    }
    case 'cost': {
      const task = await current()
      if (task === null) return refused({ code: 'not-a-task' })
      const { log, projections } = engine.store
      return intent.of === 'project'
        ? told(task, renderProjectCost(await projections.tasks(task.project)))
        : told(task, renderTaskCost(task, await taskMovements({ log }, stream)))
    }
    case 'portfolio': {
      const shown = await showPortfolio(deps, errand, intent.name)
      return shown.ok ? { ...told(await current(), shown.text), data: shown.data } : shown
    }
    case 'help':
      return told(await current(), deps.help(intent.verb, errand.telling))
    case 'reject':
      return refused(intent.rejection)
    default:
      return assertNever(intent)
  }
}

const taskOf = ({ store }: Engine, { place, issue }: Errand): Promise<Task | null> =>
  taskAt(store.projections, place, issue)

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

const lookedBack = ({ card }: CarryOutDeps, { telling }: Errand, looked: LookedBack): Carried =>
  looked.ok
    ? {
        ...told(looked.task, looked.text ?? card(looked.task, telling)),
        until: looked.task.lease?.expiresAt ?? null,
        data: looked.data,
      }
    : looked
const parent = async (deps: CarryOutDeps, errand: Errand, stream: StreamId, of: Reference | null): Promise<Carried> => {
  const { store } = deps.engine
  const target =
    of === null ? null : await resolveReference({ store, facts: deps.facts }, errand.place, errand.actor, of)
  if (of !== null && target === null) {
    return refuse(deps, errand, { code: 'unknown-reference', reference: renderReference(of) })
  }
  return command(deps, errand, stream, { type: 'set-parent', parent: target, above: [], siblings: 0, below: 0 })
}

/** Null for a task that has no parts. Children of other projects are counted, not named. */
const partsText = async ({ store }: Engine, task: Task): Promise<string | null> => {
  const { parts, isCut } = await partsOf(store, task.stream)
  if (parts.length === 0) return null
  const children = parts
    .filter(({ details, project }) => details.parent?.stream === task.stream && project === task.project)
    .toSorted((a, b) => a.number - b.number)
  return renderRollUp(rollUp(task, parts), children, isCut)
}

const refused = (rejection: Rejection): Carried => ({ ok: false, rejection })

const done = (task: Task | null) =>
  ({ ok: true, task, text: null, raw: false, until: null, signals: null, changed: true }) as const satisfies Carried

const told = (task: Task | null, text: string, raw = false) => ({ ...done(task), text, raw })

/** What a command came to, as surfaces are told. */
export const carried = ({ outcome, state }: Awaited<ReturnType<typeof handleCommand>>): Carried =>
  outcome.ok
    ? { ...done(state !== null && 'attempts' in state ? state : null), changed: outcome.changed !== false }
    : refused(outcome.rejection)

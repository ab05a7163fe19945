/** Carries out what a parsed command wants, the same for every surface. Who may was decided before; how to say it comes after. */
import { assertNever } from '../domain/assert-never.ts'
import type { Actor } from '../domain/actor.ts'
import { projectStream, taskStream, type Millis, type StreamId } from '../domain/event/envelope.ts'
import type { ProjectCommand } from '../domain/project/project.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import type { Task } from '../domain/task/state.ts'
import { handleCommand, type Engine } from '../engine/handle-command.ts'
import { heartbeat } from '../engine/heartbeat.ts'
import { findFindings } from '../engine/find-findings.ts'
import { handOutBrief } from '../engine/hand-out-brief.ts'
import { keepRejection } from '../engine/outcome.ts'
import type { Intent } from './catalogue/intent.ts'
import { renderReference } from './catalogue/reference.ts'
import { createTask } from './create-task.ts'
import { renderFindings } from './render-findings.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import type { ProjectOpener } from './project-of.ts'
import { resolveReference } from './resolve-reference.ts'
import type { Telling } from './telling.ts'

export interface CarryOutDeps {
  readonly engine: Engine
  readonly facts: GitHubFacts
  readonly projects: ProjectOpener
  /** The status card: what `show` answers. */
  readonly card: (task: Task, telling: Telling) => string
  readonly help: (verb: string | null, telling: Telling) => string
}

export interface Errand {
  readonly intent: Intent
  readonly place: RepositoryPlace
  readonly issue: number
  readonly actor: Actor
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
      /** The new deadline of a heartbeat. */
      readonly until: Millis | null
      /** False when what was asked for held already, the first time it was asked. */
      readonly changed: boolean
    }
  | { readonly ok: false; readonly rejection: Rejection }

export const carryOut = async (deps: CarryOutDeps, errand: Errand): Promise<Carried> => {
  const { engine, facts } = deps
  const { intent, place, issue } = errand
  const stream = taskStream(place.repositoryId, issue)
  const current = () => taskOf(engine, errand)

  switch (intent.kind) {
    case 'command':
      return command(deps, errand, stream, intent.command)
    case 'create-task': {
      const wanted = { number: issue, priority: intent.priority }
      const made = await createTask(deps, place, wanted, errand)
      return made === null ? refuse(deps, errand, { code: 'unknown-reference', reference: `#${issue}` }) : carried(made)
    }
    case 'depend':
      return depend(deps, errand, stream, intent)
    case 'heartbeat': {
      const beat = await heartbeat(engine.store, stream, intent.fence, errand.actor)
      return beat.ok ? { ...done(await current()), until: beat.until } : refused(beat.rejection)
    }
    case 'show': {
      const task = await current()
      return task === null ? refused({ code: 'not-a-task' }) : told(task, deps.card(task, errand.telling))
    }
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
    case 'help':
      return told(await current(), deps.help(intent.verb, errand.telling))
    case 'reject':
      return refused(intent.rejection)
    default:
      return assertNever(intent)
  }
}

const taskOf = async ({ store }: Engine, { place, issue }: Errand): Promise<Task | null> =>
  (await store.projections.task(taskStream(place.repositoryId, issue)))?.task ?? null

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

/** Refused before a decision was asked for; a repetition is refused as well. */
const refuse = async ({ engine }: CarryOutDeps, errand: Errand, rejection: Rejection): Promise<Carried> => {
  const outcome = await keepRejection(engine.store.log, errand, rejection)
  return outcome.ok ? done(await taskOf(engine, errand)) : refused(outcome.rejection)
}

/** A finding is learned on a task; it is kept in the project that the task was born in. */
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
  { add, on }: Intent & { readonly kind: 'depend' },
): Promise<Carried> => {
  const { place } = errand
  const home = { ...place, project: projectStream(place.repositoryId) }
  let last: Carried = refused({ code: 'not-a-task' })
  for (const [index, reference] of on.entries()) {
    const one = { ...errand, cause: `${errand.cause}:${index}` }
    const target = await resolveReference(deps.engine.store.projections, home, reference)
    if (target === null) {
      return refuse(deps, one, { code: 'unknown-reference', reference: renderReference(reference) })
    }
    const wanted: TaskCommand = add
      ? { type: 'add-dependency', on: target, settled: false, path: null }
      : { type: 'remove-dependency', on: target }
    last = await command(deps, one, stream, wanted)
    if (!last.ok) return last
  }
  return last
}

const refused = (rejection: Rejection): Carried => ({ ok: false, rejection })

const done = (task: Task | null) =>
  ({ ok: true, task, text: null, raw: false, until: null, changed: true }) as const satisfies Carried

const told = (task: Task | null, text: string, raw = false): Carried => ({ ...done(task), text, raw })

const carried = ({ outcome, state }: Awaited<ReturnType<typeof handleCommand>>): Carried =>
  outcome.ok
    ? { ...done(state !== null && 'attempts' in state ? state : null), changed: outcome.changed !== false }
    : refused(outcome.rejection)

/**
 * A relation that somebody drew or took away on GitHub, as the command that says the same, under that person's rights and run
 * once. Answers with one line when it is refused and put back; null when it stands, or was answered before.
 */
import { hasRole } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import type { Task, TaskRef } from '../domain/task/state.ts'
import { clickCause } from '../engine/cause.ts'
import { handleCommand, type Engine } from '../engine/handle-command.ts'
import { keepRejection } from '../engine/outcome.ts'
import type { PersonChange } from '../engine/person-change.ts'
import { findCommand } from './catalogue.ts'
import { renderReference, type Reference } from './catalogue/reference.ts'
import { explainRejection } from './explain-rejection.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import { resolveReference } from './resolve-reference.ts'
import { foreign, type Telling } from './telling.ts'

export type EdgeChange = PersonChange & { readonly field: 'edge' }

interface EdgeDeps {
  readonly engine: Engine
  readonly facts: GitHubFacts
  readonly placeOf: (stream: StreamId) => Promise<RepositoryPlace | null>
  readonly tellingOf: (stream: StreamId) => Promise<Telling>
}

export const createEdgeChange = (deps: EdgeDeps): ((change: EdgeChange) => Promise<string | null>) => {
  const { engine, facts, placeOf, tellingOf } = deps
  const { log, projections } = engine.store

  return async (change) => {
    const { stream, by } = change
    const cause = clickCause('edge', change.eventId)
    if ((await log.findOutcome(cause)) !== null) return null
    const task = (await projections.task(stream))?.task
    const place = await placeOf(stream)
    if (task === undefined || place === null) return null

    // Where its issue stands now, should it have been transferred.
    const other = (await projections.task(change.to))?.task
    const at = other === undefined ? change.to : (`task/${other.project.split('/')[1]}/${other.number}` as StreamId)
    const shown = { ...change, to: at }

    const refuse = async (rejection: Rejection): Promise<string> => {
      const outcome = await keepRejection(log, { cause }, rejection)
      const { problem, next } = explainRejection(outcome.ok ? rejection : outcome.rejection, await tellingOf(stream))
      return `${deed(shown, place)} ${problem} ${next}`
    }

    const verb = verbOf(change)
    const needed = findCommand(verb, 'comment')?.role ?? 'write'
    const held = await facts.roleOf(place, by.id)
    if (!hasRole(held, needed)) return refuse({ code: 'role-too-low', needed, held, verb })
    const command =
      change.change === 'removed'
        ? removal(task, change)
        : addition(
            change.kind,
            await resolveReference({ store: engine.store, facts }, place, by, referenceOf(shown, place)),
          )
    if (command === null) return null
    if (command === 'unknown') {
      return refuse({ code: 'unknown-reference', reference: named(shown, place) })
    }
    const { outcome } = await handleCommand(engine, { stream, command, actor: by, cause })
    return outcome.ok ? null : refuse(outcome.rejection)
  }
}

const verbOf = ({ kind, change }: EdgeChange): string =>
  kind === 'parent' ? 'parent' : change === 'added' ? 'depends' : 'undepends'

/** Null: the task does not have it anyway. */
const removal = (task: Task, { kind, to }: EdgeChange): TaskCommand | null => {
  if (kind === 'parent') return task.details.parent?.stream === to ? setParent(null) : null
  const on = task.dependsOn.find(({ stream }) => stream === to)
  return on === undefined ? null : { type: 'remove-dependency', on }
}

const addition = (kind: EdgeChange['kind'], on: TaskRef | null): TaskCommand | 'unknown' => {
  if (on === null) return 'unknown'
  return kind === 'parent' ? setParent(on) : { type: 'add-dependency', on, status: 'open', path: null, onFailure: null }
}

const setParent = (parent: TaskRef | null): TaskCommand => ({
  type: 'set-parent',
  parent,
  above: [],
  siblings: 0,
  below: 0,
})

const referenceOf = ({ to, seen }: EdgeChange, home: RepositoryPlace): Reference => {
  const [, bornIn = 0, born = 0] = to.split('/').map(Number)
  const { repository, repositoryId, number } = seen ?? { repository: '', repositoryId: bornIn, number: born }
  return repositoryId === home.repositoryId
    ? { kind: 'number', number }
    : { kind: 'elsewhere', host: null, repository: repository.toLowerCase(), number }
}

/** The name of another repository may be what nobody here should read. */
const named = (change: EdgeChange, home: RepositoryPlace): string => {
  const reference = referenceOf(change, home)
  return reference.kind === 'elsewhere' ? 'An issue of another repository' : renderReference(reference)
}

const deed = (edgeChange: EdgeChange, home: RepositoryPlace): string => {
  const { kind, change, by } = edgeChange
  const other = named(edgeChange, home).replace(/^An/, 'an')
  const edge = kind === 'parent' ? `The parent ${other}` : `That this is blocked by ${other}`
  return change === 'added'
    ? `${edge}, as ${foreign(by.id, 60)} drew it, is taken out again.`
    : `${edge}, which ${foreign(by.id, 60)} took away, is put back.`
}

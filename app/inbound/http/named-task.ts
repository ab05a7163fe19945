/** The task that a request names, by number, `#12` or key, also by those that it had before its issue was transferred. */
import type { Actor } from '../../domain/actor.ts'
import type { Project } from '../../domain/project/project.ts'
import { isHeldBy } from '../../domain/task/decide/require-lease.ts'
import type { Task } from '../../domain/task/state.ts'
import type { Projections } from '../../engine/ports.ts'
import type { HttpCommand } from '../../../schemas/http-command.ts'
import type { CarryOutDeps } from '../carried.ts'

export interface NamedTask {
  /** Where the task is now. */
  readonly project: Project
  readonly issue: number
  /** Where it was born: what was asked under an idempotency key stays the same after a transfer. */
  readonly born: string
}

/** Null: there is none, or this key does not open it. A new one is only a number. */
export const namedTask = async (
  { engine: { store } }: Pick<CarryOutDeps, 'engine'>,
  project: Project,
  named: NonNullable<HttpCommand['task']>,
  { actor, mayBeNew }: { readonly actor: Actor; readonly mayBeNew: boolean },
): Promise<NamedTask | null> => {
  const { projections, agentKeys } = store
  const number = typeof named === 'number' ? named : named.includes('-') ? null : Number(named.replace('#', ''))
  const task =
    number === null ? await byKey(projections, project, String(named)) : await byNumber(projections, project, number)
  if (task === null) {
    return mayBeNew && number !== null ? { project, issue: number, born: `${project.repositoryId}:${number}` } : null
  }
  const born = task.stream.split('/').slice(1).join(':')
  if (task.project === project.stream) return { project, issue: task.number, born }
  // Transferred to another project: whoever holds its lease goes on with the key at hand, others need one of that project.
  const holds = task.lease !== null && isHeldBy(task.lease, actor)
  const home = await projections.project(task.project)
  if (home === null || !(holds || (await agentKeys.opens(actor.id, home.stream)))) return null
  return { project: home, issue: task.number, born }
}

const byNumber = async (
  projections: Pick<Projections, 'taskAt'>,
  { stream }: Project,
  number: number,
): Promise<Task | null> => (await projections.taskAt(stream, number))?.task ?? null

/** Keys of this project before others: a former key may be somebody's today. */
const byKey = async (
  projections: Pick<Projections, 'taskByKey' | 'tasksByFormerKey'>,
  { stream }: Project,
  key: string,
): Promise<Task | null> => {
  const here = await projections.taskByKey(stream, key)
  if (here !== null) return here
  const former = await projections.tasksByFormerKey(null, key)
  const own = former.filter((task) => task.project === stream || task.formerly?.some((spot) => spot.project === stream))
  return own.length === 1 ? (own[0] ?? null) : null
}

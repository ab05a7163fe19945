/**
 * A dependency that ends badly under the policy `fail` while somebody is at work on the task, or while its result is in review,
 * only marks the edge. Here a person is asked in place of handing the task out again, whatever ended the work. A success that is
 * accepted completes the task, and then the edge matters no more.
 */
import { FAILURES } from '../../failure/taxonomy.ts'
import { play } from '../../budget/play.ts'
import type { Settings } from '../../settings.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import type { Dependency, FailurePolicy, Task } from '../state.ts'
import type { DecideContext } from './context.ts'

export const policyFor = (edge: Dependency, settings: Settings): FailurePolicy =>
  edge.onFailure ?? settings.dependencies.onFailure

/** `OPS-3 has failed`. */
export const howItEnded = (key: string, ended: NonNullable<Dependency['ended']>): string =>
  `${key} ${ended === 'failed' ? 'has failed' : 'was canceled'}`

export const askAbout = (edges: readonly { readonly stream: Task['stream'] }[], words: string): NewTaskEvent =>
  taskEvent('human-needed', {
    reason: `dependency_failed: ${words}; ${FAILURES.dependency_failed.recovery}`,
    dependencies: edges.map(({ stream }) => stream),
  })

export const askAboutDependencies = (
  task: Task,
  events: readonly NewTaskEvent[],
  { now, settings }: Pick<DecideContext, 'now' | 'settings'>,
): readonly NewTaskEvent[] => {
  const last = events.findLast(({ type }) => MOVES_ON.has(type))
  if (last === undefined || !task.dependsOn.some((edge) => isUnasked(task, edge, settings))) return events
  const after = play(task, events, now)
  const edges = after.dependsOn.filter((edge) => isUnasked(after, edge, settings))
  if (after.lease !== null || edges.length === 0) return events
  const words = edges.flatMap(({ key, ended }) => (ended === undefined ? [] : howItEnded(key, ended))).join(', ')
  const asked = askAbout(edges, words)
  return events.map((event) => (event !== last ? event : event.type === 'human-needed' ? both(event, asked) : asked))
}

/** What may follow the end of work, or a person's decision to try again. */
const MOVES_ON: ReadonlySet<string> = new Set<NewTaskEvent['type']>(['task-readied', 'task-held', 'human-needed'])

const isUnasked = ({ waitsFor }: Task, edge: Dependency, settings: Settings): boolean =>
  edge.ended !== undefined &&
  edge.asked !== true &&
  waitsFor.includes(edge.stream) &&
  policyFor(edge, settings) === 'fail'

/** Another reason to ask comes first, and is not lost. */
const both = (first: NewTaskEvent & { type: 'human-needed' }, second: NewTaskEvent): NewTaskEvent =>
  second.type === 'human-needed' && first.data.dependencies === undefined
    ? taskEvent('human-needed', { ...second.data, reason: `${first.data.reason}; besides, ${second.data.reason}` })
    : first

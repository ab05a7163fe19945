/** Edges of the dependency graph. Whether an edge would close a cycle, and how the other task stands, is found outside and handed in. */
import { accept, reject } from '../../rejection.ts'
import type { Settings } from '../../settings.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { MOST } from '../limits.ts'
import { isClosed, type Dependency, type DependencyStatus, type Task } from '../state.ts'
import { askAbout, howItEnded, policyFor } from './ask-about-dependencies.ts'
import type { Decide } from './context.ts'
import { tooMany } from './too-many.ts'

/** Naming an edge again sets what becomes of the task when the other one fails. */
export const addDependency: Decide<'add-dependency'> = (task, { on, status, path, onFailure }, { settings }) => {
  if (on.stream === task.stream) return reject({ code: 'self-dependency', key: task.key })
  const known = task.dependsOn.find(({ stream }) => stream === on.stream)
  if (known !== undefined) {
    if (onFailure === null || onFailure === known.onFailure) return accept()
    const changed = taskEvent('dependency-changed', { on: on.stream, onFailure })
    return accept(changed, ...stands(task, { ...known, onFailure }, status, settings))
  }
  if (path !== null) {
    return reject({ code: 'dependency-cycle', path: [task.key, ...path.map(({ key }) => key)] })
  }
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'depends' })
  }
  if (task.dependsOn.length >= MOST.dependencies) return tooMany(task, 'dependencies')
  const settled = status === 'done'
  const added = taskEvent('dependency-added', { on, settled, ...(onFailure === null ? {} : { onFailure }) })
  const edge: Dependency = onFailure === null ? on : { ...on, onFailure }
  const after = settled
    ? task
    : { ...task, dependsOn: [...task.dependsOn, edge], waitsFor: [...task.waitsFor, on.stream] }
  const isGone = status === 'failed' || status === 'canceled'
  const isDropped = isGone && policyFor(edge, settings) === 'drop'
  return accept(
    added,
    ...(settled || isDropped ? [] : hold(task, on.key)),
    ...(isGone ? stands(after, edge, status, settings) : []),
  )
}

export const removeDependency: Decide<'remove-dependency'> = (task, { on }) => {
  if (!task.dependsOn.some(({ stream }) => stream === on.stream)) {
    return reject({ code: 'no-such-dependency', key: task.key, on: on.key })
  }
  const removed = taskEvent('dependency-removed', { on })
  return isLast(task, on.stream)
    ? accept(removed, taskEvent('task-readied', { reason: `no longer waits for ${on.key}` }))
    : accept(removed)
}

export const settleDependency: Decide<'settle-dependency'> = (task, { on, status }, { settings }) => {
  const edge = task.dependsOn.find(({ stream }) => stream === on)
  return edge === undefined ? accept() : accept(...stands(task, edge, status, settings))
}

/** What it means for the task that the other end of an edge stands so; nothing where it is known already. */
const stands = (
  task: Task,
  edge: Dependency,
  status: DependencyStatus,
  settings: Settings,
): readonly NewTaskEvent[] => {
  const { stream: on, key, ended } = edge
  const waits = task.waitsFor.includes(on)
  switch (status) {
    case 'open':
      if (waits && ended === undefined) return []
      return [taskEvent('dependency-reopened', { on }), ...(waits ? [] : hold(task, key))]
    case 'done':
      if (!waits && ended === undefined) return []
      return [taskEvent('dependency-settled', { on }), ...release(task, on, `${key} is done`)]
    case 'failed':
    case 'canceled': {
      const policy = policyFor(edge, settings)
      const drops = policy === 'drop'
      const words = howItEnded(key, status)
      if (ended === status && waits !== drops) {
        return policy === 'fail' && edge.asked !== true ? ask(task, edge, words) : []
      }
      const failed = taskEvent('dependency-failed', { on, status, policy })
      if (drops) return [failed, ...release(task, on, `${words}, and it is not waited for then`)]
      return [failed, ...(policy === 'fail' ? ask(task, edge, words) : waits ? [] : hold(task, key))]
    }
    default:
      return status satisfies never
  }
}

const hold = (task: Task, key: string): readonly NewTaskEvent[] =>
  (task.beneath ?? task.status) === 'ready' ? [taskEvent('task-held', { until: null, reason: `waits for ${key}` })] : []

const release = (task: Task, on: string, reason: string): readonly NewTaskEvent[] =>
  isLast(task, on) ? [taskEvent('task-readied', { reason })] : []

/** Whoever is at work goes on, and so does a review: the edge is marked, and a person is asked when the task is to be worked on anew. */
const ask = (task: Task, edge: Dependency, words: string): readonly NewTaskEvent[] => {
  const at = task.beneath ?? task.status
  if (isClosed(task.status) || task.lease !== null || at === 'needs_human' || at === 'review') return []
  return [askAbout([edge], words)]
}

const isLast = (task: Task, on: string): boolean =>
  task.waiting?.for === 'dependencies' && task.waitsFor.every((stream) => stream === on)

/** Edges of the dependency graph. Whether an edge would close a cycle is found outside, under a guard, and handed in as a path. */
import { accept, reject } from '../../rejection.ts'
import { taskEvent } from '../events.ts'
import { isClosed } from '../state.ts'
import { MOST } from '../limits.ts'
import type { Decide } from './context.ts'
import { tooMany } from './too-many.ts'

export const addDependency: Decide<'add-dependency'> = (task, { on, settled, path }) => {
  if (on.stream === task.stream) return reject({ code: 'self-dependency', key: task.key })
  if (task.dependsOn.some(({ stream }) => stream === on.stream)) return accept()
  if (path !== null) {
    return reject({ code: 'dependency-cycle', path: [task.key, ...path.map(({ key }) => key)] })
  }
  if (isClosed(task.status)) {
    return reject({ code: 'wrong-status', key: task.key, status: task.status, verb: 'depends' })
  }
  if (task.dependsOn.length >= MOST.dependencies) return tooMany(task, 'dependencies')
  const added = taskEvent('dependency-added', { on, settled })
  const waits = !settled && (task.beneath ?? task.status) === 'ready'
  return waits ? accept(added, taskEvent('task-held', { until: null, reason: `waits for ${on.key}` })) : accept(added)
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

export const settleDependency: Decide<'settle-dependency'> = (task, { on, settled }) => {
  const edge = task.dependsOn.find(({ stream }) => stream === on)
  if (edge === undefined || task.waitsFor.includes(on) !== settled) return accept()
  if (!settled) {
    const reopened = taskEvent('dependency-reopened', { on })
    return (task.beneath ?? task.status) === 'ready'
      ? accept(reopened, taskEvent('task-held', { until: null, reason: `waits for ${edge.key}` }))
      : accept(reopened)
  }
  const done = taskEvent('dependency-settled', { on })
  return isLast(task, on) ? accept(done, taskEvent('task-readied', { reason: `${edge.key} is done` })) : accept(done)
}

const isLast = (task: Parameters<Decide<'settle-dependency'>>[0], on: string): boolean =>
  task.waiting?.for === 'dependencies' && task.waitsFor.every((stream) => stream === on)

/** What a task is a part of. How the hierarchy stands around both is found outside, under a guard, and handed in. */
import { MOST_CHILDREN, MOST_LEVELS } from '../../hierarchy/limits.ts'
import { accept, reject } from '../../rejection.ts'
import { taskEvent } from '../events.ts'
import type { Decide } from './context.ts'

export const setParent: Decide<'set-parent'> = (task, { parent, above, siblings, below }) => {
  const before = task.details.parent
  if (parent === null) {
    return before === undefined ? accept() : accept(taskEvent('task-updated', { changes: { parent: null } }))
  }
  if (before?.stream === parent.stream) return accept()
  const chain = [parent, ...above]
  const itself = chain.findIndex(({ stream }) => stream === task.stream)
  if (itself !== -1) {
    return reject({ code: 'parent-cycle', path: [task.key, ...chain.slice(0, itself + 1).map(({ key }) => key)] })
  }
  if (chain.length + below > MOST_LEVELS) {
    return reject({ code: 'too-deep', key: task.key, parent: parent.key, most: MOST_LEVELS })
  }
  if (siblings >= MOST_CHILDREN) return reject({ code: 'too-many-children', key: parent.key, most: MOST_CHILDREN })
  return accept(taskEvent('task-updated', { changes: { parent } }))
}

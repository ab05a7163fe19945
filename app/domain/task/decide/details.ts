/** What people declare of a task, and what its holder says of the work: kept when it differs, refused when it is too much to keep. */
import { canonicalJson } from '../../event/canonical-json.ts'
import { accept, reject, type Rejection } from '../../rejection.ts'
import type { DetailChanges } from '../details.ts'
import { taskEvent } from '../events.ts'
import { DETAIL_LISTS, MAX_DETAIL_CHARS, MOST } from '../limits.ts'
import type { Task } from '../state.ts'
import type { Decide } from './context.ts'
import { refuseUnheld, refuseVoidFence } from './require-lease.ts'
import { tooMany } from './too-many.ts'

export const updateTask: Decide<'update-task'> = (task, { changes, schemaProblem = null }) => {
  // Whether it may be the parent rests on the whole hierarchy: see set-parent.ts.
  if (changes.parent !== undefined) {
    return reject({ code: 'invalid-argument', argument: 'parent', problem: 'it has a command of its own, `parent`' })
  }
  if (schemaProblem !== null) return reject({ code: 'invalid-argument', ...schemaProblem })
  const changed = Object.fromEntries(
    Object.entries(changes).filter(
      ([name, value]) => !isSame(task.details[name as keyof DetailChanges] ?? null, value),
    ),
  ) as DetailChanges
  if (Object.keys(changed).length === 0) return accept()
  const refusal = tooMuch(task, changed)
  return refusal ?? accept(taskEvent('task-updated', { changes: changed }))
}

/** Decided on the lists as they stand: two who each add one item both have it. */
export const editLists: Decide<'edit-lists'> = (task, { add = {}, remove = {} }, context) => {
  const edited = DETAIL_LISTS.flatMap((name) => {
    const before: readonly unknown[] = task.details[name] ?? []
    const texts = (items: readonly unknown[] = []): readonly string[] => items.map(canonicalJson)
    const gone = new Set(texts(remove[name]))
    const kept = before.filter((item) => !gone.has(canonicalJson(item)))
    const known = new Set(texts(kept))
    const after = [...kept, ...(add[name] ?? []).filter((item) => !known.has(canonicalJson(item)))]
    return isSame(before, after) ? [] : [[name, after] as const]
  })
  return updateTask(task, { type: 'update-task', changes: Object.fromEntries(edited) }, context)
}

export const setDeadline: Decide<'set-deadline'> = (task, { by }, context) => {
  const deadline = by === null ? null : 'at' in by ? by.at : context.now + by.inMs
  return updateTask(task, { type: 'update-task', changes: { deadline } }, context)
}

const isSame = (before: unknown, after: unknown): boolean => canonicalJson(before) === canonicalJson(after)

const tooMuch = (task: Task, changed: DetailChanges) => {
  for (const name of DETAIL_LISTS) if ((changed[name]?.length ?? 0) > MOST[name]) return tooMany(task, name)
  const { steps } = changed
  if (steps != null && steps.length > MOST.steps) return tooMany(task, 'steps')
  if (steps != null && new Set(steps.map(({ id }) => id)).size < steps.length) {
    return reject<never>({ code: 'invalid-argument', argument: 'steps', problem: 'two of them have the same id' })
  }
  const long = Object.entries(changed).find(([, value]) => canonicalJson(value).length > MAX_DETAIL_CHARS)
  if (long === undefined) return null
  const rejection: Rejection = {
    code: 'invalid-argument',
    argument: long[0],
    problem: `it is longer than ${MAX_DETAIL_CHARS} characters; put it into a file and link that`,
  }
  return reject<never>(rejection)
}

export const enterPhase: Decide<'enter-phase'> = (task, { name, fence }, context) => {
  const refusal = refuseUnheld(task, fence, context, 'phase')
  if (refusal !== null) return reject(refusal)
  return task.details.phase?.name === name ? accept() : accept(taskEvent('phase-entered', { name }))
}

export const reportProgress: Decide<'report-progress'> = (task, { percent, text, fence }, context) => {
  const refusal = refuseUnheld(task, fence, context, 'progress')
  if (refusal !== null) return reject(refusal)
  const before = task.details.progress
  const same = before !== undefined && before.percent === percent && before.text === text
  return same ? accept() : accept(taskEvent('progress-reported', { percent, text }))
}

export const setNextStep: Decide<'set-next-step'> = (task, { text, fence }, context) => {
  const refusal = refuseUnheld(task, fence, context, 'next')
  if (refusal !== null) return reject(refusal)
  return (task.details.nextStep ?? null) === text ? accept() : accept(taskEvent('next-step-set', { text }))
}

export const attributeTask: Decide<'attribute-task'> = (task, { attribution, fence }, context) => {
  const refusal = refuseUnheld(task, fence, context, 'assign')
  if (refusal !== null) return reject(refusal)
  return isSame(task.details.attribution ?? null, attribution)
    ? accept()
    : accept(taskEvent('attribution-set', { attribution }))
}

/** Kept in the log only, for whoever reads the history. */
export const recordCustom: Decide<'record-custom'> = (task, { name, data, fence }, context) => {
  const refusal = refuseVoidFence(task, fence, context, 'event')
  if (refusal !== null) return reject(refusal)
  if (canonicalJson(data).length > MAX_DETAIL_CHARS) {
    const problem = `it is longer than ${MAX_DETAIL_CHARS} characters; record an artifact that links to it`
    return reject({ code: 'invalid-argument', argument: 'data', problem })
  }
  return accept(taskEvent('custom-recorded', { name, data }))
}

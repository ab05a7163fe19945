/** What people read on a thread about edges that GitHub would not take, or that were put right after everything was forgotten. */
import type { Task, TaskRef } from '../../../domain/task/state.ts'
import { issueOf } from '../status-card/task-reference.ts'
import { parseEdge, type EdgeKey } from './edges.ts'

const SHOWN = 10

const words = (task: Task, edge: EdgeKey): string => {
  const { kind, to } = parseEdge(edge)
  const { details, dependsOn } = task
  const known = [details.parent, ...dependsOn].find((ref) => ref?.stream === to)
  const isHere = to.split('/')[1] === task.project.split('/')[1]
  const ref: TaskRef | undefined = known ?? (isHere ? { stream: to, key: '' } : undefined)
  const other = ref === undefined ? 'an issue of another repository' : issueOf(ref)
  return kind === 'parent' ? `parent ${other}` : `blocked by ${other}`
}

const list = (task: Task, edges: readonly EdgeKey[]): string => {
  const left = edges.length - SHOWN
  const shown = edges.slice(0, SHOWN).map((edge) => words(task, edge))
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(', ')
}

/** Null when there is nothing to say. */
export const unheldLine = (task: Task, edges: readonly EdgeKey[]): string | null =>
  edges.length === 0
    ? null
    : `GitHub does not take over all relations of ${task.key}: ${list(task, edges)}. They hold in Muster and stand in the card above. Next: see whether GitHub's own limit is reached there, and whether the App is installed on that repository too.`

export const adoptedLine = (
  task: Task,
  { taken, put }: { readonly taken: readonly EdgeKey[]; readonly put: readonly EdgeKey[] },
): string | null => {
  const parts = [
    ...(taken.length === 0 ? [] : [`taken away: ${list(task, taken)}`]),
    ...(put.length === 0 ? [] : [`put there: ${list(task, put)}`]),
  ]
  return parts.length === 0
    ? null
    : `What GitHub showed as relations of ${task.key} was not what Muster's record says, and who changed it is not known; the record holds. ${parts.join('; ')}. Next: draw again what was meant.`
}

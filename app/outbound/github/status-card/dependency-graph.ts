/**
 * What the task depends on, as a Mermaid graph and, for mail and for where Mermaid is not drawn, as a line of text. Only what
 * the task itself knows: which of them are done.
 */
import type { Dependency, Task } from '../../../domain/task/state.ts'
import { issueOf, plainKey } from './task-reference.ts'

/** More boxes than this are no picture. */
const SHOWN = 20

export const dependencyGraph = (task: Task): string | null => {
  const { dependsOn, waitsFor, key } = task
  if (dependsOn.length === 0) return null
  const isOpen = ({ stream }: Dependency): boolean => waitsFor.includes(stream)
  const words = (dependency: Dependency): string =>
    dependency.ended === undefined
      ? isOpen(dependency)
        ? 'open'
        : 'done'
      : `${dependency.ended}${isOpen(dependency) ? '' : ', not waited for'}`
  // Open ones first: they are what the task waits for.
  const sorted = dependsOn.toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)))
  const shown = sorted.slice(0, SHOWN)
  const left = sorted.length - shown.length
  const more = left > 0 ? [`and ${left} more`] : []
  const line = [...shown.map((ref) => `${plainKey(ref.key)} (${issueOf(ref)}, ${words(ref)})`), ...more].join(', ')
  const boxes = shown.map(
    (ref, index) => `  d${index}["${plainKey(ref.key)}"]:::${isOpen(ref) ? 'open' : 'done'} --> task`,
  )
  return [
    `**Depends on**: ${line}`,
    '',
    '```mermaid',
    'graph LR',
    `  task["${plainKey(key)}"]`,
    ...boxes,
    ...(left > 0 ? [`  more["and ${left} more"] --> task`] : []),
    '  classDef open stroke-dasharray: 4',
    '  classDef done stroke-width: 2',
    '```',
  ].join('\n')
}

/** A graph for people: Mermaid, folded where it is large, and lines of text that say the same where Mermaid is not drawn. Only keys stand in it, so that nothing has to be made inert. */
import { graphViews } from './graph-views.ts'
import type { GraphTask, TaskGraph } from './task-graph.ts'

/** More boxes are no picture: the nearest are drawn, the others counted. */
export const MOST_BOXES = 40
const MOST_WAVES = 12
const MOST_KEYS = 20

/** Keys are ours, but a graph is code: nothing else may stand in a box. */
const plain = (key: string): string => key.replace(/[^A-Za-z0-9-]/g, '').slice(0, 40)

export const renderGraph = (graph: TaskGraph): string => {
  if (graph.tasks.length < 2) return 'It depends on no task, and none depends on it.'
  const { waves, held, critical_path: path, releases, more } = graphViews(graph)
  const lines = [
    ...waves.slice(0, MOST_WAVES).map((wave, n) => `${n + 1}. ${list(wave)}`),
    ...(waves.length > MOST_WAVES ? [`${MOST_WAVES + 1}. and ${waves.length - MOST_WAVES} more steps`] : []),
  ]
  return [
    renderMermaid(graph),
    ...(lines.length === 0
      ? ['Everything here is done.']
      : [`**In order**, side by side within a step:\n\n${lines.join('\n')}`]),
    ...(path.tasks.length < 2 ? [] : [`**Longest way**: ${list(path.tasks, ' → ')}`]),
    ...(releases.length === 0 ? [] : [`**Released by it**: ${list(releases)}`]),
    ...(held.length === 0 ? [] : [`**Held** by what will not be done by itself: ${list(held)}`]),
    ...(more ? [`Only the nearest ${graph.tasks.length} tasks were looked at.`] : []),
  ].join('\n\n')
}

export const renderMermaid = ({ focus, tasks, isCut }: TaskGraph): string => {
  const shown = tasks.slice(0, MOST_BOXES)
  const left = tasks.length - shown.length
  const ids = new Map(shown.map(({ stream }, n) => [stream, `t${n}`]))
  return [
    '```mermaid',
    'graph LR',
    ...shown.map((task) => `  ${ids.get(task.stream)}["${plain(task.key)}"]:::${look(task)}`),
    ...shown.flatMap(({ stream, dependsOn }) =>
      dependsOn.flatMap(({ on, waits }) =>
        ids.has(on) ? [`  ${ids.get(on)} ${waits ? '-->' : '-.->'} ${ids.get(stream)}`] : [],
      ),
    ),
    ...(left > 0 ? [`  more["and ${left}${isCut ? ' or' : ''} more"]`] : []),
    `  style ${ids.get(focus) ?? 't0'} stroke-width: 4px`,
    '  classDef open stroke-dasharray: 4',
    '  classDef done stroke-width: 2',
    '  classDef ended fill: #8882',
    '```',
  ].join('\n')
}

const look = ({ isOpen, status }: GraphTask): string =>
  isOpen ? 'open' : status === 'failed' || status === 'canceled' ? 'ended' : 'done'

const list = (keys: readonly string[], between = ', '): string => {
  const left = keys.length - MOST_KEYS
  return [...keys.slice(0, MOST_KEYS).map(plain), ...(left > 0 ? [`and ${left} more`] : [])].join(between)
}

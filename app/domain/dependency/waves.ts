/** Which open tasks can be worked on side by side, in which order. By dependencies alone: who is free to work is not asked. */
import type { StreamId } from '../event/envelope.ts'
import { waitsFor, type GraphTask } from './task-graph.ts'

export interface Waves {
  /** Each wave waits for tasks of earlier waves only; a task stands in the first wave that it can. */
  readonly waves: readonly (readonly GraphTask[])[]
  /** Open, but they wait, perhaps through others, for what will not be done by itself or is not in the graph. */
  readonly held: readonly GraphTask[]
}

export const wavesOf = (tasks: readonly GraphTask[]): Waves => {
  const open = tasks.filter(({ isOpen }) => isOpen)
  const left = new Map(open.map((task) => [task.stream, waitsFor(task).length]))
  const dependents = new Map<StreamId, GraphTask[]>()
  for (const task of open) {
    for (const on of waitsFor(task)) dependents.set(on, [...(dependents.get(on) ?? []), task])
  }
  const waves: (readonly GraphTask[])[] = []
  let wave = open.filter(({ stream }) => left.get(stream) === 0)
  while (wave.length > 0) {
    waves.push(wave)
    const next: GraphTask[] = []
    for (const { stream } of wave) {
      for (const dependent of dependents.get(stream) ?? []) {
        const still = (left.get(dependent.stream) ?? 0) - 1
        left.set(dependent.stream, still)
        if (still === 0) next.push(dependent)
      }
    }
    wave = next
  }
  return { waves, held: open.filter(({ stream }) => (left.get(stream) ?? 0) > 0) }
}

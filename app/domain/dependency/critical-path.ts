/** The chain of open tasks that takes longest by their estimates: the soonest that everything can be done, however many work. */
import type { Millis, StreamId } from '../event/envelope.ts'
import { waitsFor, type GraphTask } from './task-graph.ts'
import { wavesOf } from './waves.ts'

export interface CriticalPath {
  /** The first to be done first. */
  readonly tasks: readonly GraphTask[]
  readonly durationMs: Millis
}

/** Tasks that are held are left out: nobody can say when they begin. Of equally long chains the first is taken. */
export const criticalPath = (tasks: readonly GraphTask[]): CriticalPath => {
  const longest = new Map<StreamId, { readonly durationMs: Millis; readonly after: StreamId | null }>()
  const byStream = new Map(tasks.map((task) => [task.stream, task]))
  let end: StreamId | null = null
  for (const task of wavesOf(tasks).waves.flat()) {
    let before: { readonly on: StreamId; readonly durationMs: Millis } | null = null
    for (const on of waitsFor(task)) {
      const durationMs = longest.get(on)?.durationMs ?? 0
      if (before === null || durationMs > before.durationMs) before = { on, durationMs }
    }
    const durationMs = (before?.durationMs ?? 0) + task.durationMs
    longest.set(task.stream, { durationMs, after: before?.on ?? null })
    if (end === null || durationMs > (longest.get(end)?.durationMs ?? 0)) end = task.stream
  }
  const path: GraphTask[] = []
  for (let at = end; at !== null; at = longest.get(at)?.after ?? null) {
    const task = byStream.get(at)
    if (task !== undefined) path.push(task)
  }
  return { tasks: path.toReversed(), durationMs: end === null ? 0 : (longest.get(end)?.durationMs ?? 0) }
}

/** All views of one graph as plain data, by keys: what HTTP answers and what the text is made from. */
import type { Millis } from '../event/envelope.ts'
import type { TaskStatus } from '../task/state.ts'
import { criticalPath } from './critical-path.ts'
import { releasedBy } from './released-by.ts'
import type { GraphTask, TaskGraph } from './task-graph.ts'
import { wavesOf } from './waves.ts'

export interface GraphViews {
  readonly task: string
  /** Nearest first. A task of another project names its repository and has no status. */
  readonly tasks: readonly {
    readonly key: string
    readonly repository?: string
    readonly status: TaskStatus | null
    readonly open: boolean
  }[]
  /** `task` depends on `on`, and waits for it still or not. */
  readonly edges: readonly { readonly task: string; readonly on: string; readonly waits: boolean }[]
  readonly waves: readonly (readonly string[])[]
  readonly held: readonly string[]
  readonly critical_path: { readonly tasks: readonly string[]; readonly duration_ms: Millis }
  /** Ready, as far as dependencies go, once the task is done. */
  readonly releases: readonly string[]
  readonly more: boolean
}

export const graphViews = ({ focus, tasks, isCut }: TaskGraph): GraphViews => {
  const keys = new Map(tasks.map(({ stream, key }) => [stream, key]))
  const { waves, held } = wavesOf(tasks)
  const path = criticalPath(tasks)
  return {
    task: keys.get(focus) ?? focus,
    tasks: tasks.map(({ key, repository, status, isOpen }) => ({
      key,
      ...(repository === null ? {} : { repository }),
      status,
      open: isOpen,
    })),
    edges: tasks.flatMap(({ key, dependsOn }) =>
      dependsOn.flatMap(({ on, waits }) => {
        const other = keys.get(on)
        return other === undefined ? [] : [{ task: key, on: other, waits }]
      }),
    ),
    waves: waves.map(named),
    held: named(held),
    critical_path: { tasks: named(path.tasks), duration_ms: path.durationMs },
    releases: named(releasedBy(tasks, focus)),
    more: isCut,
  }
}

const named = (tasks: readonly GraphTask[]): readonly string[] => tasks.map(({ key }) => key)

/** The dependency graph as its views see it: tasks, what each still waits for, and how long each is expected to take. Collecting it is engine/graph-of.ts. */
import type { Millis, StreamId } from '../event/envelope.ts'
import { isClosed, type Task, type TaskStatus } from '../task/state.ts'

export interface GraphEdge {
  readonly on: StreamId
  /** False: done, or given up. */
  readonly waits: boolean
}

export interface GraphTask {
  readonly stream: StreamId
  readonly key: string
  /** Null: a task of another project, of which only is known what the tasks here know. */
  readonly status: TaskStatus | null
  readonly isOpen: boolean
  readonly repository: string | null
  readonly durationMs: Millis
  readonly dependsOn: readonly GraphEdge[]
}

export interface TaskGraph {
  /** The task that was asked about. */
  readonly focus: StreamId
  /** Nearest to the focus first. */
  readonly tasks: readonly GraphTask[]
  /** There are more tasks than were collected. */
  readonly isCut: boolean
}

/** Without an estimate all tasks count alike. */
const NO_ESTIMATE: Millis = 1

export const graphTask = ({ stream, key, status, details, dependsOn, waitsFor }: Task): GraphTask => ({
  stream,
  key,
  status,
  isOpen: !isClosed(status),
  repository: null,
  durationMs: details.estimate?.durationMs ?? NO_ESTIMATE,
  dependsOn: dependsOn.map(({ stream: on }) => ({ on, waits: waitsFor.includes(on) })),
})

/** What a task waits for before it may begin. */
export const waitsFor = ({ dependsOn }: GraphTask): readonly StreamId[] =>
  dependsOn.flatMap(({ on, waits }) => (waits ? [on] : []))

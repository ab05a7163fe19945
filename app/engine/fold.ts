/** From events to state and index row, for every kind of stream. The store is handed this and knows no domain. */
import { contributions, lastCost } from '../domain/budget/contributions.ts'
import { heldUntil } from '../domain/budget/settlements.ts'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import { projectStream, type StoredEvent, type StreamId } from '../domain/event/envelope.ts'
import { rankOf } from '../domain/schedule/rank.ts'
import { wordsOf } from '../domain/project/findings.ts'
import { evolveProject, type Project, type ProjectEvent } from '../domain/project/project.ts'
import type { TaskEvent } from '../domain/task/events.ts'
import { evolveTask } from '../domain/task/evolve.ts'
import { nextMoment } from '../domain/task/next-moment.ts'
import { readTask } from '../domain/task/read-task.ts'
import type { IssueSpot, Task } from '../domain/task/state.ts'
import { upcast } from '../domain/event/upcast.ts'
import { parseOnce } from './parse-once.ts'
import type { Fold, IndexRow } from './ports.ts'
import { writeState } from './write-state.ts'

export const isTaskStream = (stream: StreamId): boolean => stream.startsWith('task/')

/** `task/7/12` → `project/7`: the project the stream was born in. */
export const projectOf = (stream: StreamId): StreamId => `project/${Number(stream.split('/')[1])}`

export const foldTask = (base: Task | null, events: readonly StoredEvent[]): Task | null =>
  // The log of a task stream holds task events; evolve ignores what it does not know.
  events.reduce((task, event) => evolveTask(task, upcast(event) as TaskEvent), base)

export const foldProject = (base: Project | null, events: readonly StoredEvent[]): Project | null =>
  events.reduce((project, event) => evolveProject(project, upcast(event) as ProjectEvent), base)

const tasks = parseOnce(readTask)
const projects = parseOnce((state) => JSON.parse(state) as Project)

export const parseTask = (state: string | null): Task | null => (state === null ? null : tasks.read(state))
export const parseProject = (state: string | null): Project | null => (state === null ? null : projects.read(state))

export const taskIndex = (task: Task): IndexRow => ({
  kind: 'task',
  project: task.project,
  key: task.key,
  number: task.number,
  status: task.status,
  waitUntil: earliest(nextMoment(task), heldUntil(task)),
  dependsOn: task.dependsOn.map(({ stream }) => stream),
  rank: rankOf(task),
  requires: task.details.requires ?? [],
  owner: task.lease?.owner ?? null,
  parent: task.details.parent?.stream ?? null,
  books: contributions(task),
  lastCost: lastCost(task),
  ...(task.formerly === undefined && task.away === undefined ? {} : { spots: spotsOf(task) }),
})

/** Also where nobody of ours is: its issue may come back from there. */
const spotsOf = ({ project, number, key, formerly = [], away }: Task): readonly IssueSpot[] => [
  ...formerly,
  ...(away === undefined ? [] : [{ project: projectStream(away.repositoryId), number: away.number, key }]),
  { project, number, key },
]

const earliest = (...times: readonly (number | null)[]): number | null =>
  times.reduce((first, time) => (first === null || (time !== null && time < first) ? time : first), null)

export const projectIndex = (project: Project): IndexRow => ({
  kind: 'project',
  repository: project.repository,
  installationId: project.installationId,
  prefix: project.prefix,
  findings: (project.findings ?? []).map(({ id, kind, text }) => ({ id, words: wordsOf(`${kind} ${text}`) })),
})

export class EmptyStreamFault extends Error {
  override readonly name = 'EmptyStreamFault'
  readonly code = 'empty-stream'
  readonly retryable = false
  constructor(stream: StreamId) {
    super(`the events of ${stream} do not begin with its creation`)
  }
}

export const fold: Fold = (stream, base, events) => {
  if (isTaskStream(stream)) {
    const task = foldTask(parseTask(base), events)
    if (task === null) throw new EmptyStreamFault(stream)
    const { text, state } = writeState(task)
    tasks.know(text, state)
    return { state: text, index: taskIndex(task) }
  }
  const project = foldProject(parseProject(base), events)
  if (project === null) throw new EmptyStreamFault(stream)
  return { state: canonicalJson(project), index: projectIndex(project) }
}

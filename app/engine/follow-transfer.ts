/**
 * What the transfer of an issue means for its task and for both projects: the task goes on where the issue is now, or is closed
 * where nobody can follow it. Where the issue is was found out before; every step has a cause of its own, so that finding it
 * twice, or half-way, does it once.
 */
import { MUSTER, type Actor } from '../domain/actor.ts'
import { projectStream, type StreamId } from '../domain/event/envelope.ts'
import { FIRST_EPOCH } from '../domain/project/project.ts'
import type { Task } from '../domain/task/state.ts'
import { isSameSpot } from '../domain/task/transferred.ts'
import { handleCommand, type Engine } from './handle-command.ts'

/** `project`: of ours, opened already. `outside`: where Muster is not. */
export type Whereabouts =
  | { readonly in: 'project'; readonly project: StreamId; readonly number: number }
  | { readonly in: 'outside'; readonly repositoryId: number; readonly number: number }

export const OUT_OF_REACH = 'its issue was transferred to a repository where Muster is not installed'
const OCCUPIED = 'its issue was transferred to where another task stands already'

/** True when something came of it. Projects are told first: who is interrupted does the rest the next time. */
export const followTransfer = async (
  engine: Engine,
  stream: StreamId,
  where: Whereabouts,
  actor: Actor = MUSTER,
): Promise<boolean> => {
  const found = await engine.store.projections.task(stream)
  if (found === null) return false
  const { task } = found
  if (where.in === 'outside') return lose(engine, task, { ...where, reason: OUT_OF_REACH }, actor)
  const { project, number } = where
  if (task.away === undefined && isSameSpot(task, where)) return false
  const there = await engine.store.projections.taskAt(project, number)
  if (there !== null && there.task.stream !== stream) {
    const repositoryId = Number(project.split('/')[1])
    return lose(engine, task, { repositoryId, number, reason: OCCUPIED }, actor)
  }
  return move(engine, task, where, actor)
}

const move = async (
  engine: Engine,
  task: Task,
  { project, number }: Whereabouts & { readonly in: 'project' },
  actor: Actor,
): Promise<boolean> => {
  const { projections } = engine.store
  const [left, here] = await Promise.all([projections.project(task.project), projections.project(project)])
  if (here === null) return false
  const { stream, key } = task
  const to = { project, number, key: `${here.prefix}-${number}`, repository: here.repository }
  const cause = `move:${stream}:${project}:${number}`
  const isNews = task.away === undefined && task.project !== project
  if (isNews) await note(engine, { type: 'note-departure', task: stream, key, to: project }, task.project, cause, actor)
  const arrival = { type: 'note-arrival', task: stream, key: to.key, from: task.project } as const
  await note(engine, arrival, project, cause, actor)
  const { outcome } = await handleCommand(engine, {
    stream,
    command: { type: 'move-task', left: left?.repository ?? '', to, epoch: here.epoch ?? FIRST_EPOCH },
    actor,
    cause,
  })
  return outcome.ok
}

const lose = async (
  engine: Engine,
  task: Task,
  where: { readonly repositoryId: number; readonly number: number; readonly reason: string },
  actor: Actor,
): Promise<boolean> => {
  const { stream, key, away } = task
  const cause = `lose:${stream}:${projectStream(where.repositoryId)}:${where.number}`
  if (away === undefined) {
    await note(engine, { type: 'note-departure', task: stream, key, to: null }, task.project, cause, actor)
  }
  const { outcome } = await handleCommand(engine, { stream, command: { type: 'lose-task', ...where }, actor, cause })
  return outcome.ok
}

type Note = Extract<
  Parameters<typeof handleCommand>[1]['command'],
  { readonly type: 'note-departure' | 'note-arrival' }
>

const note = async (engine: Engine, command: Note, project: StreamId, cause: string, actor: Actor): Promise<void> => {
  await handleCommand(engine, { stream: project, command, actor, cause: `${cause}:${command.type}` })
}

/** The task as it will be once events that were decided, and are not in the log yet, have happened. */
import { MUSTER, type Actor } from '../actor.ts'
import type { Millis } from '../event/envelope.ts'
import type { NewTaskEvent } from '../task/events.ts'
import { evolveTask } from '../task/evolve.ts'
import type { Task } from '../task/state.ts'

export const play = (task: Task, events: readonly NewTaskEvent[], at: Millis, actor: Actor = MUSTER): Task =>
  events.reduce((before, event) => {
    const place = { stream: task.stream, version: 0, id: '', at, actor, cause: '', prev: '', hash: '' }
    return evolveTask(before, { ...event, ...place }) ?? before
  }, task)

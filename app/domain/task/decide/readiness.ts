/** A task that nothing else holds back is ready; one with open dependencies waits for them. */
import { taskEvent, type NewTaskEvent } from '../events.ts'
import type { Task } from '../state.ts'

export const readyOrWaiting = (task: Pick<Task, 'waitsFor'>, reason: string): NewTaskEvent =>
  task.waitsFor.length > 0 ? taskEvent('task-held', { until: null, reason }) : taskEvent('task-readied', { reason })

/** Keys of the tasks that it waits for. */
export const waitsOn = ({ dependsOn, waitsFor }: Task): readonly string[] =>
  dependsOn.flatMap(({ stream, key }) => (waitsFor.includes(stream) ? [key] : []))

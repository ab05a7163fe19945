/** Work that should not wait for room: ready, and of the most urgent priority. */
import type { Task } from '../task/state.ts'

export const isUrgent = ({ status, priority }: Pick<Task, 'status' | 'priority'>): boolean =>
  status === 'ready' && priority === 'p0'

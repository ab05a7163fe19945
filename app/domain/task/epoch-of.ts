/** The epoch that fences of a task are held against: its project's, and what a transfer made it lack or have. */
import { FIRST_EPOCH, type Project } from '../project/project.ts'
import type { Task } from './state.ts'

export const epochOf = (task: Pick<Task, 'epochShift'> | null, project: Pick<Project, 'epoch'> | null): number =>
  (project?.epoch ?? FIRST_EPOCH) + (task?.epochShift ?? 0)

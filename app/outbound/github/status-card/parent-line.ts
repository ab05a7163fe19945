/** The task that this one is a part of. What its own parts come to is not the task's alone and stands in the answer to `show`. */
import type { Task } from '../../../domain/task/state.ts'
import { issueOf, plainKey } from './task-reference.ts'

export const parentLine = ({ details }: Task): string | null =>
  details.parent === undefined ? null : `Part of ${plainKey(details.parent.key)} (${issueOf(details.parent)})`

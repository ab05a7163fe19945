/** The refusal of one more item on a list that is full. */
import { reject } from '../../rejection.ts'
import { MOST, type Limited } from '../limits.ts'
import type { Task } from '../state.ts'
import type { TaskDecision } from './context.ts'

export const tooMany = ({ key }: Task, what: Limited): TaskDecision =>
  reject({ code: 'too-many', key, what, most: MOST[what] })

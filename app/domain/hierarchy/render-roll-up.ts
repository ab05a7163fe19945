/** A roll-up and the direct parts of a task as Markdown. Only keys, statuses and figures: nothing foreign. */
import { STATUS_WORDS } from '../task/status-words.ts'
import { TASK_STATUSES, type Task } from '../task/state.ts'
import type { RollUp } from './roll-up.ts'

const SHOWN = 20

/** `children`: those of the task's own project. `isCut`: there are more parts than were counted. */
export const renderRollUp = (
  sum: RollUp,
  children: readonly Pick<Task, 'key' | 'status'>[],
  isCut: boolean,
): string => {
  const counted = TASK_STATUSES.flatMap((status) => {
    const count = sum.byStatus[status] ?? 0
    return count === 0 ? [] : [`${count} ${STATUS_WORDS[status]}`]
  })
  const percent = sum.percent === null ? '' : ` (${sum.percent} %)`
  const left = children.length - SHOWN
  const keys = children.slice(0, SHOWN).map(({ key, status }) => `${key} (${STATUS_WORDS[status]})`)
  return [
    `**Parts**: ${sum.done} of ${sum.wanted}${isCut ? ' or more' : ''} done${percent}: ${counted.join(', ')}.`,
    ...(keys.length === 0 ? [] : [[...keys, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')]),
    `In all ${count(sum.attempts, 'attempt')}, ${count(sum.tokens, 'token')} and $${(sum.costMicroUsd / 1_000_000).toFixed(2)}.`,
  ].join('\n\n')
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`

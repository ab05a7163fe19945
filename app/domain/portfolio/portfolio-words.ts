/** How figures of projects are said, the same in comments and on the command line. No names: nothing foreign. */
import type { Sums } from '../budget/books.ts'
import { STATUS_WORDS } from '../task/status-words.ts'
import { TASK_STATUSES } from '../task/state.ts'
import { renderTokens, renderUsd } from '../text/amounts.ts'
import type { Totals } from './roll-up.ts'

export const NO_TASK = 'no task yet'

const ALL_CANCELED = 'all canceled'

/** `3 of 5 (60 %)`: of those that were not canceled. */
export const doneOf = ({ tasks, done, wanted, percent }: Totals): string =>
  tasks === 0 ? NO_TASK : percent === null ? ALL_CANCELED : `${done} of ${wanted} (${percent} %)`

/** `2 ready, 1 in review`: of those that are not done. */
export const standOf = ({ standing }: Totals): string =>
  TASK_STATUSES.flatMap((status) => {
    const count = status === 'done' ? 0 : (standing[status] ?? 0)
    return count === 0 ? [] : [`${count} ${STATUS_WORDS[status]}`]
  }).join(', ')

/** `$4.20, 12,345 tokens`; nothing for nothing. */
export const amountOf = ({ microUsd, tokens }: Sums, between = ', '): string =>
  [...(microUsd === 0 ? [] : [renderUsd(microUsd)]), ...(tokens === 0 ? [] : [renderTokens(tokens)])].join(between)

/** `3 of 5 tasks done (60 %); $4.20 and 12,345 tokens spent, $1.00 reserved`. */
export const sumOf = ({ tasks, done, wanted, percent, spent, reserved }: Totals): string => {
  if (tasks === 0) return NO_TASK
  const far =
    percent === null
      ? `${count(tasks, 'task')}, ${ALL_CANCELED}`
      : `${done} of ${count(wanted, 'task')} done (${percent} %)`
  const held = amountOf(reserved, ' and ')
  return `${far}; ${amountOf(spent, ' and ') || 'nothing'} spent${held === '' ? '' : `, ${held} reserved`}`
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

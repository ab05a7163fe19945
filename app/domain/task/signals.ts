/** What a holder is told with every heartbeat, beside that its lease stands. A function of the task: telling changes nothing. */
import { UNITS } from '../budget/books.ts'
import { renderAmount } from '../text/amounts.ts'
import type { Task } from './state.ts'

/** `stop`: end the attempt now; what is done so far can be handed in. */
export interface Signal {
  readonly signal: 'stop'
  readonly reason: string
}

export const signalsFor = ({ lease, attempts }: Task): readonly Signal[] => {
  const overrun = attempts.find(({ n }) => n === lease?.attempt)?.overrun
  const passed = UNITS.filter((unit) => (overrun?.[unit] ?? 0) > 0)
  if (overrun === undefined || passed.length === 0) return []
  const above = passed.map((unit) => renderAmount(unit, overrun[unit])).join(' and ')
  return [{ signal: 'stop', reason: `the attempt is ${above} above what was reserved for it` }]
}

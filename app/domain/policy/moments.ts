/** Times at which a policy may say otherwise than at others: where the parts of the day and week that its rules name begin and end. */
import type { Millis } from '../event/envelope.ts'
import { WEEKDAYS, type Condition, type Policy } from './rule.ts'

/** More than anybody's opening hours. */
const MOST_MOMENTS = 40

const MINUTE: Millis = 60_000
const DAY: Millis = 1_440 * MINUTE

export const momentsOf = ({ rules }: Policy): readonly Millis[] =>
  [...new Set(rules.flatMap(({ when }) => boundsOf(when)))].slice(0, MOST_MOMENTS)

const boundsOf = (condition: Condition): readonly Millis[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(boundsOf)
    case 'not':
      return boundsOf(condition.of)
    case 'is':
      return []
    case 'time': {
      const { days, from, to } = condition
      const named = days.length === 0 ? WEEKDAYS.slice(0, 1) : days
      return named.flatMap((day) => {
        // The first day of all, in 1970, was a Thursday.
        const start = ((WEEKDAYS.indexOf(day) + 3) % 7) * DAY
        return [start + from * MINUTE, start + to * MINUTE]
      })
    }
    default:
      return condition satisfies never
  }
}

/** What attempts of a project had usually taken at any time of its past, as a claim or a retry of then would have found it. */
import { lastCost } from '../budget/contributions.ts'
import { USUAL_OF, usualOf } from '../budget/estimate.ts'
import type { Millis, StreamId } from '../event/envelope.ts'
import type { Amount } from '../task/details.ts'
import { evolveTask } from '../task/evolve.ts'
import type { History } from './history.ts'

type Known = NonNullable<ReturnType<typeof lastCost>> & { readonly stream: StreamId }

/** From `at` on this is the newest cost that is known of the task. */
export interface CostKnown {
  readonly at: Millis
  readonly cost: Known
}

/** Of one task. What its base knew was known before everything that is told here. */
export const costsOverTime = ({ base, events }: History): readonly CostKnown[] => {
  const known: CostKnown[] = []
  let task = base?.task ?? null
  const note = (at: Millis): void => {
    const cost = task === null ? null : lastCost(task)
    if (task === null || cost === null) return
    const before = known.at(-1)?.cost
    if (before?.at === cost.at && before.microUsd === cost.microUsd && before.tokens === cost.tokens) return
    known.push({ at, cost: { ...cost, stream: task.stream } })
  }
  note(0)
  for (const event of events) {
    task = evolveTask(task, event)
    note(event.at)
  }
  return known
}

/** Of all tasks together. `before` a time: by all that was known until then. */
export const usualOverTime = (all: readonly CostKnown[]): ((before: Millis) => Amount) => {
  const inTime = all.toSorted((a, b) => a.at - b.at)
  const newest: Known[] = []
  const usual = inTime.map(({ at, cost }) => {
    const before = newest.findIndex(({ stream }) => stream === cost.stream)
    if (before !== -1) newest.splice(before, 1)
    const place = newest.findIndex((other) => newestFirst(cost, other) < 0)
    newest.splice(place === -1 ? newest.length : place, 0, cost)
    return { at, usual: usualOf(newest.slice(0, USUAL_OF)) }
  })
  return (before) => usual[usual.findLastIndex(({ at }) => at < before)]?.usual ?? { microUsd: null, tokens: null }
}

/** As the store orders them. */
const newestFirst = (a: Known, b: Known): number =>
  b.at - a.at || (a.stream < b.stream ? 1 : a.stream > b.stream ? -1 : 0)

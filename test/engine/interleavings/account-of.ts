/**
 * Money added up by the test itself, from nothing but the events: what each grant set aside, what it was settled at, and in
 * which scopes and periods it counts. Shares no code with the books that it is held against.
 */
import type { Millis, StreamId } from '../../../app/domain/event/envelope.ts'
import type { Reservation } from '../../../app/domain/budget/reservation.ts'
import type { Measures } from '../../../app/domain/task/events.ts'
import type { Fence } from '../../../app/domain/task/state.ts'
import { homeOf, SETTINGS } from './workspace.ts'

export const BOTH = ['microUsd', 'tokens'] as const
export type Both = Readonly<Record<(typeof BOTH)[number], number>>
type Limit = Readonly<Record<(typeof BOTH)[number], number | null>>

export interface Grant {
  readonly stream: StreamId
  readonly attempt: number
  readonly owner: string
  readonly holder: string
  readonly fence: Fence
  readonly at: Millis
  readonly reservation: Reservation
  ttlMs: Millis
  /** The moment of the event that ended it, which that was, and how many bills had come by then. */
  ended: { readonly at: Millis; readonly by: string; readonly bills: number } | null
  started: boolean
  settled: Both | null
  above: Both
  readonly bills: Measures[]
}

export const NONE: Both = { microUsd: 0, tokens: 0 }

/** What it stands for in every sum that it counts in. */
export const worth = ({ reservation, settled, above }: Grant): { readonly reserved: Both; readonly spent: Both } =>
  settled === null
    ? { reserved: { microUsd: reservation.microUsd ?? 0, tokens: reservation.tokens ?? 0 }, spent: above }
    : { reserved: NONE, spent: settled }

const dayOf = (at: Millis, timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at)

const budgetsOf = (stream: StreamId) => {
  const { budgets } = SETTINGS[homeOf(stream)] ?? {}
  if (budgets === undefined) throw new Error(`${stream} has no budgets`)
  return budgets
}

/** `scope period` of every sum that the grant counts in, with what it may not pass. */
export const countsIn = (
  { stream, owner, at }: Pick<Grant, 'stream' | 'owner' | 'at'>,
  ownBudget: Limit | null,
): readonly (readonly [string, Limit])[] => {
  const { timeZone, workspace, project, agents, task } = budgetsOf(stream)
  const day = dayOf(at, timeZone)
  const month = day.slice(0, 7)
  const home = homeOf(stream)
  const agent = agents[owner]
  const free = { microUsd: null, tokens: null }
  const agentScope = `agent/${Number(home.split('/')[1])}/${owner}`
  return [
    [`workspace/1 ${day}`, workspace.day],
    [`workspace/1 ${month}`, workspace.month],
    [`${home} ${day}`, project.day],
    [`${home} ${month}`, project.month],
    [`${home} total`, project.total],
    [`${agentScope} ${day}`, agent?.day ?? free],
    [`${agentScope} ${month}`, agent?.month ?? free],
    [`${agentScope} total`, agent?.total ?? free],
    [`${stream} total`, { microUsd: ownBudget?.microUsd ?? task.microUsd, tokens: ownBudget?.tokens ?? task.tokens }],
  ]
}

/** By `scope period`: reserved and spent, in both units. */
export const addUp = (grants: readonly Grant[]): ReadonlyMap<string, { reserved: Both; spent: Both }> => {
  const sums = new Map<string, { reserved: Both; spent: Both }>()
  const plus = (a: Both, b: Both): Both => ({ microUsd: a.microUsd + b.microUsd, tokens: a.tokens + b.tokens })
  for (const grant of grants) {
    const { reserved, spent } = worth(grant)
    for (const [key] of countsIn(grant, null)) {
      const before = sums.get(key) ?? { reserved: NONE, spent: NONE }
      sums.set(key, { reserved: plus(before.reserved, reserved), spent: plus(before.spent, spent) })
    }
  }
  return sums
}

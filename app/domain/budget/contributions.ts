/**
 * A task's part in every book, a function of its state alone: rows that are kept additively are the sum of it over all tasks.
 * An attempt without a reservation counts as soon as its cost is known, on the day it was opened by UTC.
 */
import type { Attempt, Task } from '../task/state.ts'
import { NOTHING, sumBooks, TOTAL, type Book, type BookKey, type Sums } from './books.ts'

/** `agent/7/claude`: an agent's books are kept per project. */
export const agentScope = (project: string, agent: string): string => `agent/${project.split('/')[1]}/${agent}`

/** Beyond this a figure is a mistake, and sums stay exact: $100,000, or as many million tokens, for one attempt. */
export const MOST_COUNTED = 100_000_000_000

export const counted = (figure: number): number => Math.min(Math.max(0, Math.ceil(figure)), MOST_COUNTED)

export const contributions = (task: Task): readonly Book[] =>
  sumBooks([
    ...task.attempts.flatMap((attempt) => {
      const { reserved, spent } = partOf(attempt)
      return booksOf(task, attempt).map(({ scope, period }): Book => ({ scope, period, reserved, spent, warned: 0 }))
    }),
    ...(task.warnings ?? []).map(({ scope, period }): Book => ({
      scope,
      period,
      reserved: NOTHING,
      spent: NOTHING,
      warned: 1,
    })),
  ])

/** Every book that an attempt stands in: what was paid for before a transfer stays with the project that paid. */
export const booksOf = (
  task: Pick<Task, 'stream' | 'project'>,
  attempt: Pick<Attempt, 'owner' | 'reservation' | 'openedAt' | 'project'>,
): readonly BookKey[] => {
  const { day, month, workspace } = placeOf(attempt)
  const project = attempt.project ?? task.project
  const agent = agentScope(project, attempt.owner)
  const of = (scope: string, periods: readonly string[]): readonly BookKey[] =>
    periods.map((period) => ({ scope, period }))
  return [
    ...(workspace === null ? [] : of(workspace, [day, month])),
    ...of(project, [day, month, TOTAL]),
    ...of(agent, [day, month, TOTAL]),
    ...of(task.stream, [TOTAL]),
  ]
}

interface Place {
  readonly day: string
  readonly month: string
  readonly workspace: string | null
}

const placeOf = ({ reservation, openedAt }: Pick<Attempt, 'reservation' | 'openedAt'>): Place => {
  if (reservation !== undefined) return reservation
  const day = new Date(openedAt).toISOString().slice(0, 10)
  return { day, month: day.slice(0, 7), workspace: null }
}

/** What it stands for in each of them. */
export const partOf = (attempt: Attempt): { readonly reserved: Sums; readonly spent: Sums } => {
  const { reservation, settled, overrun, costMicroUsd, tokens } = attempt
  if (reservation === undefined) {
    return { reserved: NOTHING, spent: { microUsd: counted(costMicroUsd ?? 0), tokens: counted(tokens?.total ?? 0) } }
  }
  if (settled !== undefined) {
    return { reserved: NOTHING, spent: { microUsd: settled.microUsd.amount, tokens: settled.tokens.amount } }
  }
  return {
    reserved: { microUsd: reservation.microUsd ?? 0, tokens: reservation.tokens ?? 0 },
    spent: overrun ?? NOTHING,
  }
}

/** The newest attempt whose cost somebody has really named: what the work of this project usually takes is told from those. */
export const lastCost = (
  task: Task,
): { readonly at: number; readonly microUsd: number | null; readonly tokens: number | null } | null => {
  for (const attempt of task.attempts.toReversed()) {
    const named = namedCost(attempt)
    if (named.microUsd !== null || named.tokens !== null) return { at: attempt.endedAt ?? attempt.openedAt, ...named }
  }
  return null
}

const namedCost = ({ settled, endedAt, costMicroUsd, tokens }: Attempt) => {
  if (settled === undefined) {
    if (endedAt === null) return { microUsd: null, tokens: null }
    return { microUsd: positive(costMicroUsd), tokens: positive(tokens?.total ?? null) }
  }
  const { microUsd, tokens: used } = settled
  return {
    microUsd: microUsd.trust === null ? null : positive(microUsd.amount),
    tokens: used.trust === null ? null : positive(used.amount),
  }
}

const positive = (figure: number | null): number | null => (figure === null || figure <= 0 ? null : counted(figure))

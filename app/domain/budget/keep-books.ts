/**
 * Brings money into every decision on a task, after its own rules have spoken: a grant reserves or is refused, an end settles,
 * and people are warned. THE point of reservation is the grant of a lease, whichever command makes it.
 */
import { reject } from '../rejection.ts'
import type { DecideContext, TaskDecision } from '../task/decide/context.ts'
import { taskEvent, type NewTaskEvent } from '../task/events.ts'
import type { Task } from '../task/state.ts'
import { addBook, bookAt, booksBetween, heldAndSpent, rises, UNITS, type Book, type BookKey } from './books.ts'
import { contributions } from './contributions.ts'
import { toReserve } from './estimate.ts'
import type { BudgetFacts } from './facts.ts'
import { isBudgeted, limitedUnits, limitsOf, periodKind, scopeKind, thresholdsOf } from './limits.ts'
import { play } from './play.ts'
import { settlements } from './settlements.ts'
import { unaffordable } from './unaffordable.ts'
import { DEFAULT_BUDGETS } from './settings.ts'

/** `passing`: time passes, and holds may run out though nothing else happens. */
export const keepBooks = (
  task: Task,
  decision: TaskDecision,
  context: DecideContext,
  { passing }: { readonly passing: boolean },
): TaskDecision => {
  if (!decision.ok || (decision.events.length === 0 && !passing)) return decision
  const grants = decision.events.some(({ type }) => type === 'lease-granted')
  if (!grants && task.attempts.every(({ reservation }) => reservation === undefined)) return decision

  const { now, actor } = context
  const happened = play(task, decision.events, now, actor)
  const moves = settlements(happened, decision.events, context)
  const settled = play(happened, moves, now, actor)
  if (grants) return grant(task, decision.events, moves, settled, context)
  const events = [...unaffordable(decision.events, settled, context), ...moves]
  return { ok: true, events: [...events, ...warnings(task, settled, context)] }
}

const grant = (
  task: Task,
  events: readonly NewTaskEvent[],
  moves: readonly NewTaskEvent[],
  settled: Task,
  context: DecideContext,
): TaskDecision => {
  const { budget, settings, now, actor } = context
  const attempt = settled.attempts.at(-1)
  if (budget === undefined || attempt === undefined || !isBudgeted(task, settings)) {
    return { ok: true, events: [...events, ...moves] }
  }
  const { calendar, workspace, usual } = budget
  const { day, month, timeZone } = calendar
  const { holdMs } = settings.budgets ?? DEFAULT_BUDGETS
  const bare = { microUsd: null, tokens: null, day, month, timeZone, workspace, holdMs }
  const limits = limitsOf(task, { ...attempt, reservation: bare }, settings)
  const amounts = limitedUnits(limits).map((unit) => [unit, toReserve(unit, settled, settings, usual)] as const)
  const reservation = { ...bare, ...Object.fromEntries(amounts) }
  const reserving = events.map((event) =>
    event.type === 'lease-granted' ? taskEvent('lease-granted', { ...event.data, reservation }) : event,
  )
  const all = [...reserving, ...moves]
  const after = play(task, all, now, actor)
  const changed = booksBetween(contributions(task), contributions(after))
  const books = booksBefore(task, budget)
  for (const limit of limits) {
    const before = bookAt(books, limit)
    const total = heldAndSpent(addBook(before, bookAt(changed, limit)))
    const unit = UNITS.find((one) => limit[one] !== null && total[one] > limit[one])
    if (unit === undefined) continue
    const period = periodKind(limit)
    return reject({
      code: 'budget-exceeded',
      key: task.key,
      scope: scopeKind(limit),
      agent: attempt.owner,
      period,
      unit,
      limit: limit[unit] ?? 0,
      spent: before.spent[unit],
      reserved: before.reserved[unit],
      asked: reservation[unit] ?? 0,
      resetsAt: period === 'day' ? calendar.dayEndsAt : period === 'month' ? calendar.monthEndsAt : null,
    })
  }
  return { ok: true, events: [...all, ...warnings(task, after, context)] }
}

/** One for each scope and period, when the share is first passed; whoever passes it while another does is made to decide again. */
const warnings = (before: Task, after: Task, { budget, settings }: DecideContext): readonly NewTaskEvent[] => {
  if (budget === undefined) return []
  const books = booksBefore(before, budget)
  const thresholds = thresholdsOf(after, settings)
  const limits = after.attempts.flatMap((attempt) => limitsOf(after, attempt, settings))
  return booksBetween(contributions(before), contributions(after)).flatMap((change) => {
    const row = addBook(bookAt(books, change), change)
    const isIt = (one: BookKey): boolean => one.scope === change.scope && one.period === change.period
    const threshold = thresholds.find(isIt)
    if (threshold === undefined || !rises(change) || row.warned > 0) return []
    const limit = limits.find(isIt)
    // A claim sets aside all that its task has left: only what is really spent brings a task's budget near its end.
    const total = change.scope === after.stream ? row.spent : heldAndSpent(row)
    const unit = UNITS.find((one) => threshold[one] !== null && total[one] >= threshold[one])
    if (unit === undefined) return []
    const { scope, period } = change
    return [taskEvent('budget-warned', { scope, period, unit, limit: limit?.[unit] ?? 0, total: total[unit] })]
  })
}

/** A task's own book is its own state; the others are as they were read. */
const booksBefore = (task: Task, { books }: BudgetFacts): readonly Book[] => [
  ...contributions(task).filter(({ scope }) => scope === task.stream),
  ...books.filter(({ scope }) => scope !== task.stream),
]

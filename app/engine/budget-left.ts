/** What a brief says of money: the books that the task stands in, or would stand in with its next attempt, as they are now. */
import type { Actor } from '../domain/actor.ts'
import { isBudgeted } from '../domain/budget/limits.ts'
import { booksLookedAt, budgetLeft, type BudgetLeft } from '../domain/budget/left.ts'
import { DEFAULT_BUDGETS } from '../domain/budget/settings.ts'
import type { Settings } from '../domain/settings.ts'
import type { Task } from '../domain/task/state.ts'
import { calendarAt } from './calendar.ts'
import type { Engine } from './handle-command.ts'

/** Null: nothing limits the task. */
export const budgetLeftFor = async (
  { store, settingsOf }: Pick<Engine, 'store' | 'settingsOf'>,
  task: Task,
  reader: Actor,
): Promise<BudgetLeft | null> => {
  const [configured, project, { now }] = await Promise.all([
    settingsOf(task.project),
    store.projections.project(task.project),
    store.log.load(task.stream),
  ])
  const settings = reader.kind === 'agent' ? configured : inTheOpen(configured)
  if (!isBudgeted(task, settings)) return null
  const calendar = calendarAt(now, settings.budgets?.timeZone ?? DEFAULT_BUDGETS.timeZone)
  const workspace = project === null ? null : `workspace/${project.installationId}`
  const facts = { calendar, workspace, books: [] }
  const agent = reader.kind === 'agent' ? reader.id : null
  const keys = booksLookedAt(task, facts, agent)
  const books = await store.books.read(
    [...new Set(keys.map(({ scope }) => scope))],
    [...new Set(keys.map(({ period }) => period))],
  )
  return budgetLeft(task, { ...facts, books }, agent, settings)
}

/** A thread is read by everybody who may see this project; what other projects of the account spend is not for all of them. */
const inTheOpen = (settings: Settings): Settings =>
  settings.budgets === undefined
    ? settings
    : { ...settings, budgets: { ...settings.budgets, workspace: DEFAULT_BUDGETS.workspace } }

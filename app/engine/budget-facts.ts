/** What a decision on a task must know of money, looked up only where a budget can be concerned. Fresh each time that the loop decides. */
import type { BudgetFacts } from '../domain/budget/facts.ts'
import { booksBetween, sumBooks, TOTAL } from '../domain/budget/books.ts'
import { agentScope, contributions } from '../domain/budget/contributions.ts'
import { USUAL_OF, usualOf } from '../domain/budget/estimate.ts'
import { isBudgeted } from '../domain/budget/limits.ts'
import { DEFAULT_BUDGETS } from '../domain/budget/settings.ts'
import type { Millis } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import type { Settings } from '../domain/settings.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import type { Task } from '../domain/task/state.ts'
import { calendarAt } from './calendar.ts'
import type { Store } from './ports.ts'

export interface BudgetQuestion {
  readonly task: Task | null
  readonly command: TaskCommand
  readonly project: Project | null
  readonly settings: Settings
  readonly now: Millis
}

/** For a decision's context; nothing where no budget is concerned. */
export const budgetFacts = async (
  { books }: Pick<Store, 'books'>,
  { task, command, project, settings, now }: BudgetQuestion,
): Promise<{ readonly budget?: BudgetFacts }> => {
  if (task === null) return {}
  const grants = command.type === 'claim-task' && isBudgeted(task, settings)
  const open = task.attempts.filter(
    ({ reservation, settled, n }) =>
      reservation !== undefined &&
      (settled === undefined || (command.type === 'report-attempt' && command.attempt === n)),
  )
  if (!grants && open.length === 0) return {}
  const calendar = calendarAt(now, settings.budgets?.timeZone ?? DEFAULT_BUDGETS.timeZone)
  const workspace = project === null ? null : `workspace/${project.installationId}`
  const owners = [...open.map(({ owner }) => owner), ...(command.type === 'claim-task' ? [command.owner] : [])]
  const places = open.flatMap(({ reservation }) => reservation ?? [])
  const scopes = new Set([
    ...[workspace, ...places.map((place) => place.workspace)].filter((one) => one !== null),
    task.project,
    ...owners.map((owner) => agentScope(task.project, owner)),
    task.stream,
  ])
  const periods = new Set([TOTAL, ...[calendar, ...places].flatMap(({ day, month }) => [day, month])])
  const [rows, costs, part] = await Promise.all([
    books.read([...scopes], [...periods]),
    books.lastCosts(task.project, USUAL_OF),
    books.partOf(task.stream),
  ])
  // What an earlier version did not count of this task, its next write does.
  const whole = sumBooks([...rows, ...booksBetween(part, contributions(task))])
  return { budget: { workspace, calendar, books: whole, usual: usualOf(costs) } }
}

/** Where the tasks of projects stand and what was spent on them, from counters and books: no task is read. */
import type { StreamId } from '../domain/event/envelope.ts'
import { bookAt, TOTAL } from '../domain/budget/books.ts'
import type { Figures } from '../domain/portfolio/roll-up.ts'
import type { Store } from './ports.ts'

export const projectFigures = async (
  { projections, books }: Pick<Store, 'projections' | 'books'>,
  projects: readonly StreamId[],
): Promise<ReadonlyMap<StreamId, Figures>> => {
  const rows = await books.read(projects, [TOTAL])
  const figures = new Map<StreamId, Figures>()
  for (const project of projects) {
    const { spent, reserved } = bookAt(rows, { scope: project, period: TOTAL })
    figures.set(project, { standing: await projections.standing(project), spent, reserved })
  }
  return figures
}

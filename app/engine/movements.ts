/** Every movement of money in a project, of the days asked for, from the events of its tasks. Events that a restore did not bring back are not in it. */
import { movementsOf, type Movement } from '../domain/budget/movements.ts'
import { upcast } from '../domain/event/upcast.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { TaskEvent } from '../domain/task/events.ts'
import type { Store } from './ports.ts'

export interface ProjectMovement extends Movement {
  readonly key: string
}

/** From and to are days, `2026-11-30`, both included. Ordered by day, then by time. */
export const projectMovements = async (
  { projections, log }: Pick<Store, 'projections' | 'log'>,
  project: StreamId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly ProjectMovement[]> => {
  const isAsked = (day: string): boolean => from <= day && day <= to
  const concerned = (await projections.tasks(project)).filter(({ attempts }) =>
    attempts.some(({ reservation }) => reservation !== undefined && isAsked(reservation.day)),
  )
  const all: ProjectMovement[] = []
  for (const { stream, key } of concerned) {
    for (const movement of await taskMovements({ log }, stream)) {
      if (isAsked(movement.day)) all.push({ ...movement, key })
    }
  }
  return all.sort((a, b) => (a.day === b.day ? a.at - b.at : a.day < b.day ? -1 : 1))
}

export const taskMovements = async ({ log }: Pick<Store, 'log'>, stream: StreamId): Promise<readonly Movement[]> =>
  movementsOf((await log.read(stream)).map((event) => upcast(event) as TaskEvent))

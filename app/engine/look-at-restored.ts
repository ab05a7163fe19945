/** After a restore nothing is remembered of what was written to GitHub: open tasks are looked at, so that later changes there are noticed. */
import type { StreamId } from '../domain/event/envelope.ts'
import { isClosed } from '../domain/task/state.ts'
import { reconcileTask } from './effects.ts'
import type { Clock, Store } from './ports.ts'

export const lookAtRestored = async (
  { projections, outbox }: Pick<Store, 'projections' | 'outbox'>,
  clock: Clock,
  projects: readonly StreamId[],
): Promise<void> => {
  for (const project of projects) {
    const open = (await projections.tasks(project)).filter(({ status }) => !isClosed(status))
    await outbox.put(open.map(({ stream }) => reconcileTask(stream, clock.now())))
  }
}

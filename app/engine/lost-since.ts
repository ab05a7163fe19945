/** From when on commands may have been lost with a database: the last thing that the restored projects know to have happened. */
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import { isTaskStream, parseTask, projectOf } from './fold.ts'
import type { Store } from './ports.ts'

export const lostSince = async (
  { log, projections }: Pick<Store, 'log' | 'projections'>,
  restored: readonly StreamId[],
): Promise<{ readonly since: Millis; readonly repositoryIds: readonly number[] }> => {
  const projects = (await Promise.all(restored.map((stream) => projections.project(stream)))).filter(
    (project) => project !== null,
  )
  let since = 0
  for (const stream of await log.streams()) {
    if (!isTaskStream(stream)) continue
    const { version, state } = await log.load(stream)
    if (!restored.includes(parseTask(state)?.project ?? projectOf(stream))) continue
    const [newest] = await log.read(stream, version - 1)
    since = Math.max(since, newest?.at ?? 0)
  }
  return { since, repositoryIds: projects.map(({ repositoryId }) => repositoryId) }
}

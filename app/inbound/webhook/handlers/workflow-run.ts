/** Finished workflow runs may have left a report; reading and believing it is the outbox's work. */
import { projectStream } from '../../../domain/event/envelope.ts'
import { readRun } from '../../../engine/effects.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { HandlerDeps } from '../deps.ts'

/** Only runs in repositories that have tasks are looked at. */
export const onRunCompleted = async (
  { engine, log }: HandlerDeps,
  place: RepositoryPlace,
  run: { readonly id: number; readonly attempt: number },
): Promise<void> => {
  const project = await engine.store.projections.project(projectStream(place.repositoryId))
  if (project === null) return
  const { repository, repositoryId, installationId } = place
  const { now } = await engine.store.log.load(project.stream)
  const payload = { repository, repositoryId, installationId, runId: run.id, runAttempt: run.attempt }
  await engine.store.outbox.put([readRun(payload, now)])
  log.debug('run to read', { repository, run: run.id, attempt: run.attempt })
}

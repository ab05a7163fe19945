/** Workflow files as two commits hold them, at most a minute old: the runs of one task often come from the same commit. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock } from '../../../engine/ports.ts'
import type { RunFacts, RunPlace } from '../facts/run-facts.ts'
import { readWorkflowSource, type WorkflowSource } from '../facts/workflow-source.ts'

/** As long as a role is believed: what is on the default branch may change. */
const TTL_MS: Millis = 60_000
const MAX_KEPT = 100

export const createWorkflowSources = (clock: Clock): ((place: RunPlace, run: RunFacts) => Promise<WorkflowSource>) => {
  const kept = new Map<string, { readonly source: WorkflowSource; readonly readAt: Millis }>()
  return async (place, run) => {
    const key = `${run.repositoryId} ${run.headSha} ${run.path}`
    const now = clock.now()
    const known = kept.get(key)
    if (known !== undefined && now - known.readAt < TTL_MS) return known.source
    const source = await readWorkflowSource(place, run)
    kept.delete(key)
    kept.set(key, { source, readAt: now })
    const oldest = kept.size > MAX_KEPT ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return source
  }
}

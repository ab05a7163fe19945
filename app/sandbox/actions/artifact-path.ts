/** Where an artifact's bytes live, and for how long it is kept. */
import type { State } from '../model/state.ts'
import { type Artifact, jobsOf } from '../model/workflow.ts'
import { BLOB_ROOT } from './blob-store.ts'

const DAY_MS = 86_400_000
/** GitHub's default retention; a workflow may ask for less, at least a day. */
const RETENTION_DAYS = 90

/** Three segments and more: Azure's client takes the first for an account and the second for a container on a bare IP address. */
export function artifactPath(state: State, artifact: Artifact): string {
  const job = jobsOf(state).get(artifact.jobId)
  const folder = `workflow-job-run-${job?.backendId ?? artifact.jobId}`
  return `${BLOB_ROOT}/${folder}/artifacts/${artifact.id}${artifact.mimeType === 'application/zip' ? '.zip' : ''}`
}

export function expiryOf(now: number, asked: string | undefined): number {
  const latest = now + RETENTION_DAYS * DAY_MS
  return asked === undefined ? latest : Math.min(latest, Math.max(now + DAY_MS, Date.parse(asked)))
}

export function hasExpired(state: State, artifact: Artifact): boolean {
  return artifact.expiresAt <= state.clock.now()
}

/** Workflow runs as GitHub tells of them: the run, its artifacts with their bytes, its jobs, and its workflow's file. Nothing here is taken from a webhook. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { InstallationClient } from '../client.ts'
import { GitHubFault, isGitHubFault } from '../client/fault.ts'
import type { RequestCounts } from '../client/request-counts.ts'
import type { JobTimes } from '../reports/decide-trust.ts'

export interface RunPlace {
  readonly client: InstallationClient
  readonly owner: string
  readonly repo: string
}

export interface RunArtifact {
  readonly id: number
  readonly name: string
  /** Bytes, packed. */
  readonly size: number
  /** SHA-256 of the zip, or null from servers that do not tell. */
  readonly sha256: string | null
  readonly createdAt: Millis
  readonly runId: number | null
  readonly repositoryId: number | null
  readonly headRepositoryId: number | null
}

export interface RunFacts {
  readonly id: number
  readonly attempt: number
  readonly status: string | null
  readonly conclusion: string | null
  readonly event: string
  /** `.github/workflows/ci.yml`. */
  readonly path: string
  readonly headBranch: string | null
  readonly headSha: string
  readonly repositoryId: number
  readonly headRepositoryId: number | null
  readonly url: string
  readonly createdAt: Millis
  /** When this attempt of it began. */
  readonly startedAt: Millis
}

const PER_PAGE = 100
/** A job may have 500 artifacts and a matrix 256 legs: what has more is not believed by halves, see `complete`. */
const MAX_PAGES = 20

interface Pages<Row> {
  readonly rows: readonly Row[]
  /** Whether there are no more than were read. */
  readonly complete: boolean
}

/** All pages of a list that no longer grows, one after the other. `read` gives a page, counted from 1. */
const readPages = async <Row>(read: (page: number) => Promise<readonly Row[]>): Promise<Pages<Row>> => {
  const rows: Row[] = []
  for (let page = 1; page <= MAX_PAGES; page++) {
    const found = await read(page)
    rows.push(...found)
    if (found.length < PER_PAGE) return { rows, complete: true }
  }
  return { rows, complete: false }
}

export const listRunArtifacts = async (
  { client, owner, repo }: RunPlace,
  runId: number,
): Promise<{ readonly artifacts: readonly RunArtifact[]; readonly complete: boolean }> => {
  const { rows, complete } = await readPages(async (page) => {
    const { data } = await client.rest.actions.listWorkflowRunArtifacts({
      owner,
      repo,
      run_id: runId,
      per_page: PER_PAGE,
      page,
    })
    return data.artifacts
  })
  const artifacts = rows
    .filter(({ expired }) => !expired)
    .map((artifact) => ({
      id: artifact.id,
      name: artifact.name,
      size: artifact.size_in_bytes,
      sha256: /^sha256:([0-9a-f]{64})$/.exec(artifact.digest ?? '')?.[1] ?? null,
      createdAt: Date.parse(artifact.created_at ?? ''),
      runId: artifact.workflow_run?.id ?? null,
      repositoryId: artifact.workflow_run?.repository_id ?? null,
      headRepositoryId: artifact.workflow_run?.head_repository_id ?? null,
    }))
  return { artifacts, complete }
}

/** The run as it stood in one of its attempts. */
export const readRun = async ({ client, owner, repo }: RunPlace, runId: number, attempt: number): Promise<RunFacts> => {
  const { data } = await client.rest.actions.getWorkflowRunAttempt({
    owner,
    repo,
    run_id: runId,
    attempt_number: attempt,
  })
  return {
    id: data.id,
    attempt: data.run_attempt ?? 1,
    status: data.status,
    conclusion: data.conclusion,
    event: data.event,
    // Runs of required workflows name the ref behind it.
    path: data.path.replace(/@.*$/, ''),
    headBranch: data.head_branch,
    headSha: data.head_sha,
    repositoryId: data.repository.id,
    headRepositoryId: (data.head_repository as { id: number } | null)?.id ?? null,
    url: data.html_url,
    createdAt: Date.parse(data.created_at),
    startedAt: Date.parse(data.run_started_at ?? data.created_at),
  }
}

/** Empty when there are more than are read: then it is not known which of them ran when. */
export const readJobTimes = async (
  { client, owner, repo }: RunPlace,
  runId: number,
  attempt: number,
): Promise<readonly JobTimes[]> => {
  const { rows, complete } = await readPages(async (page) => {
    const { data } = await client.rest.actions.listJobsForWorkflowRunAttempt({
      owner,
      repo,
      run_id: runId,
      attempt_number: attempt,
      per_page: PER_PAGE,
      page,
    })
    return data.jobs
  })
  if (!complete) return []
  return rows.map(({ name, started_at, completed_at }) => ({
    name,
    startedAt: timeOf(started_at),
    completedAt: timeOf(completed_at),
  }))
}

const timeOf = (text: string | null): Millis | null => (text === null ? null : Date.parse(text))

/** The commit that a branch stands at; null when it is gone. */
export const readBranchHead = async ({ client, owner, repo }: RunPlace, branch: string): Promise<string | null> => {
  try {
    const { data } = await client.rest.git.getRef({ owner, repo, ref: `heads/${branch}` })
    return data.object.sha
  } catch (error) {
    if (isGitHubFault(error, 'not-found')) return null
    throw error
  }
}

/** Where the bytes are is told by a redirect to another host, which must not get our token. */
const BLOB_TIMEOUT_MS: Millis = 60_000
const BLOB_ROUTE = 'GET artifact bytes'

/** Null when it is larger than `maxBytes`. Only https, except on the API's own host. */
export const downloadArtifact = async (
  { client, owner, repo }: RunPlace,
  artifactId: number,
  {
    maxBytes,
    apiUrl,
    requests,
  }: { readonly maxBytes: number; readonly apiUrl: string; readonly requests: RequestCounts },
): Promise<Uint8Array | null> => {
  const answer = await client.request('GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}', {
    owner,
    repo,
    artifact_id: artifactId,
    archive_format: 'zip',
    request: { redirect: 'manual' },
  })
  const location = URL.parse(answer.headers.location ?? '')
  if (location === null || (location.protocol !== 'https:' && location.origin !== new URL(apiUrl).origin)) {
    throw unreachable()
  }
  let response: Response
  try {
    response = await fetch(location, { signal: AbortSignal.timeout(BLOB_TIMEOUT_MS) })
  } catch {
    requests.count(BLOB_ROUTE, null)
    throw unreachable()
  }
  requests.count(BLOB_ROUTE, response.status)
  if (!response.ok || response.body === null) throw unreachable()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > maxBytes) return null
      chunks.push(chunk)
    }
  } catch {
    throw unreachable()
  }
  return Buffer.concat(chunks)
}

const unreachable = (): GitHubFault =>
  new GitHubFault('unreachable', {
    status: null,
    route: BLOB_ROUTE,
    retryable: true,
    retryAt: null,
    ambiguous: false,
    requestId: null,
  })

/**
 * Uploads one zip as an artifact of the run, in the three requests of GitHub's results service: create, put the bytes,
 * finalize. `@actions/artifact` does the same with Azure's SDK: 1,709 KB of minified bundle and 257 packages to install,
 * against some 3 KB here. This leaves out what a report never needs: uploads in blocks, downloads and lists.
 */
import { createHash } from 'node:crypto'
import { asObject, asText, parseJson, type JsonObject } from '../json-fields.ts'
import { UploadFault } from './upload-fault.ts'

export interface ResultsService {
  /** `ACTIONS_RESULTS_URL`. */
  readonly url: string
  /** `ACTIONS_RUNTIME_TOKEN`. */
  readonly token: string
}

export interface UploadMeans {
  readonly fetch: typeof globalThis.fetch
  readonly sleep: (ms: number) => Promise<void>
  /** Told of every value that must not be printed. */
  readonly mask: (secret: string) => void
}

export interface UploadedArtifact {
  readonly id: string
  readonly name: string
  /** Of the zip, 64 hex digits. */
  readonly sha256: string
  readonly size: number
}

const SERVICE = 'twirp/github.actions.results.api.v1.ArtifactService'
/** The protocol version that the service expects from current clients. */
const ARTIFACT_VERSION = 7
const ZIP = 'application/zip'

const CALL_TIMEOUT_MS = 30_000
const PUT_TIMEOUT_MS = 300_000
/** Waits before the second, third and fourth try. */
const WAITS_MS = [1_000, 4_000, 10_000]

/**
 * Throws an UploadFault. `nameWith` gives the artifact's name; when it is taken by another job of the run, such as one of a
 * workflow that is called twice, it is asked for a name with a mark that is this job's own.
 */
export const uploadArtifact = async (
  nameWith: (mark: string | null) => string,
  zip: Uint8Array<ArrayBuffer>,
  service: ResultsService,
  means: UploadMeans,
): Promise<UploadedArtifact> => {
  const ids = readBackendIds(service.token)
  const created = await create(
    [nameWith(null), nameWith(ids.workflow_job_run_backend_id.slice(0, 8))],
    ids,
    service,
    means,
  )
  await put(created.url, zip, means)
  const sha256 = createHash('sha256').update(zip).digest('hex')
  const body = { ...ids, name: created.name, size: String(zip.length), hash: `sha256:${sha256}` }
  const answer = await call('FinalizeArtifact', body, service, means)
  const id = answer['artifact_id']
  if (answer['ok'] !== true || (typeof id !== 'string' && typeof id !== 'number')) {
    throw new UploadFault('refused', 'GitHub did not accept the uploaded report. Re-run the job.')
  }
  return { id: String(id), name: created.name, sha256, size: zip.length }
}

interface BackendIds {
  readonly workflow_run_backend_id: string
  readonly workflow_job_run_backend_id: string
}

/** The run and the job stand in the scope of the runtime token. */
const readBackendIds = (token: string): BackendIds => {
  const claims = asObject(parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
  for (const scope of (asText(claims?.['scp'], 10_000) ?? '').split(' ')) {
    const [kind, run, job, more] = scope.split(':')
    if (kind === 'Actions.Results' && run && job && more === undefined) {
      return { workflow_run_backend_id: run, workflow_job_run_backend_id: job }
    }
  }
  throw new UploadFault(
    'no-runner',
    'ACTIONS_RUNTIME_TOKEN names no job. Run this as a step of a GitHub Actions job, and do not set the variable yourself.',
  )
}

const create = async (
  names: readonly string[],
  ids: BackendIds,
  service: ResultsService,
  means: UploadMeans,
): Promise<{ readonly name: string; readonly url: string }> => {
  for (const name of names) {
    try {
      const answer = await call(
        'CreateArtifact',
        { ...ids, name, version: ARTIFACT_VERSION, mime_type: ZIP },
        service,
        means,
      )
      const url = asText(answer['signed_upload_url'], 10_000)
      if (answer['ok'] !== true || url === null || !URL.canParse(url)) {
        throw new UploadFault('refused', 'GitHub gave no address to upload the report to. Re-run the job.')
      }
      const signature = new URL(url).searchParams.get('sig')
      if (signature !== null) for (const secret of [signature, encodeURIComponent(signature)]) means.mask(secret)
      return { name, url }
    } catch (error) {
      if (!(error instanceof UploadFault) || error.code !== 'name-taken') throw error
    }
  }
  throw new UploadFault(
    'name-taken',
    'This job has uploaded a report of this name already. Give every use of the Action in a job its own `report-name`.',
  )
}

const call = async (method: string, body: object, service: ResultsService, means: UploadMeans): Promise<JsonObject> => {
  const response = await send(
    `${new URL(service.url).origin}/${SERVICE}/${method}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.token}` },
      body: JSON.stringify(body),
    },
    CALL_TIMEOUT_MS,
    means,
  )
  const answer = asObject(parseJson(response.text))
  if (response.status === 409) throw new UploadFault('name-taken', 'An artifact of this name exists already.')
  if (response.status >= 300 || answer === null) {
    throw new UploadFault(
      'refused',
      `GitHub answered ${response.status} to ${method}. Re-run the job, or look at githubstatus.com.`,
    )
  }
  return answer
}

const put = async (url: string, zip: Uint8Array<ArrayBuffer>, means: UploadMeans): Promise<void> => {
  const headers = { 'content-type': ZIP, 'x-ms-blob-type': 'BlockBlob', 'x-ms-blob-content-type': ZIP }
  const { status } = await send(url, { method: 'PUT', headers, body: zip }, PUT_TIMEOUT_MS, means)
  if (status >= 300) {
    throw new UploadFault('refused', `GitHub's storage answered ${status} to the upload. Re-run the job.`)
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

/** Repeats what may be repeated: nothing here does harm twice, since a name can be finalized only once. */
const send = async (url: string, init: RequestInit, timeoutMs: number, means: UploadMeans): Promise<Answer> => {
  let last: Answer | null = null
  let cause: unknown = null
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await means.fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
      last = { status: response.status, text: await response.text() }
      if (last.status < 500 && last.status !== 429 && last.status !== 408) return last
    } catch (error) {
      cause = error
      last = null
    }
    const wait = WAITS_MS[attempt]
    if (wait === undefined) break
    await means.sleep(wait)
  }
  if (last !== null) return last
  throw new UploadFault(
    'unreachable',
    `GitHub's results service could not be reached at ${new URL(url).host}. Check the runner's network, then re-run the job.`,
    { retryable: true, cause },
  )
}

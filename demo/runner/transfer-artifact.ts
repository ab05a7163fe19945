/**
 * `actions/upload-artifact` and `actions/download-artifact` for one file, through the results service that the real ones
 * use: an artifact is created, its zip is put under the URL that comes back, and then it is finished with its digest.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'

import type { ProcessResult } from './run-process.ts'
import { requireVariable, type StepInput } from './step.ts'

const SERVICE = 'twirp/github.actions.results.api.v1.ArtifactService'
/** The version of the service's artifacts that upload-artifact has asked for since its own version 4. */
const ARTIFACT_VERSION = 4

type Ids = Readonly<{ workflow_run_backend_id: string; workflow_job_run_backend_id: string }>

export async function uploadArtifact(input: StepInput): Promise<ProcessResult> {
  const { name = 'artifact', path = '' } = input.inputs
  const file = await readFile(join(input.workspace, path))
    .catch(() => readFile(path))
    .catch(() => undefined)
  if (file === undefined)
    return { code: 0, output: `Warning: no file was found at ${path}; no artifact is uploaded.\n` }
  const zip = zipSync({ [basename(path)]: new Uint8Array(file) })
  const service = connect(input)
  const { signed_upload_url: url } = await service<{ signed_upload_url: string }>('CreateArtifact', {
    name,
    version: ARTIFACT_VERSION,
    mime_type: 'application/zip',
  })
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/zip' }
  const put = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(zip) })
  if (!put.ok) throw new Error(`the upload was answered with ${put.status}`)
  const hash = `sha256:${createHash('sha256').update(zip).digest('hex')}`
  await service('FinalizeArtifact', { name, size: String(zip.length), hash })
  return { code: 0, output: `Uploaded ${name}: ${zip.length} bytes, ${hash}\n` }
}

export async function downloadArtifact(input: StepInput): Promise<ProcessResult> {
  const { name = '', path = '.' } = input.inputs
  const service = connect(input)
  const { artifacts } = await service<{ artifacts: readonly (Ids & { name: string })[] }>('ListArtifacts', {
    name_filter: name,
  })
  const found = artifacts.at(-1)
  if (found === undefined) return { code: 1, output: `Error: the run has no artifact ${name}.\n` }
  const { workflow_run_backend_id, workflow_job_run_backend_id } = found
  const ids = { workflow_run_backend_id, workflow_job_run_backend_id }
  const { signed_url: url } = await service<{ signed_url: string }>('GetSignedArtifactURL', { ...ids, name })
  const files = unzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer()))
  const folder = path.startsWith('/') ? path : join(input.workspace, path)
  await mkdir(folder, { recursive: true })
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, basename(file)), bytes)
  return { code: 0, output: `Downloaded ${name}: ${Object.keys(files).join(', ')}\n` }
}

/** Calls in protobuf's JSON form. The ids of run and job stand in the runtime token. */
function connect({ actionEnv, onRequest }: StepInput): <T>(method: string, body: object) => Promise<T> {
  const token = requireVariable(actionEnv, 'ACTIONS_RUNTIME_TOKEN')
  const url = requireVariable(actionEnv, 'ACTIONS_RESULTS_URL')
  const ids = idsOf(token)
  return async <T>(method: string, body: object) => {
    onRequest(`POST artifact service ${method}`)
    const response = await fetch(`${url}${SERVICE}/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ids, ...body }),
    })
    if (!response.ok) throw new Error(`${method} was answered with ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
}

function idsOf(token: string): Ids {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { scp: string }
  const [, run = '', job = ''] = /Actions\.Results:([^: ]+):([^: ]+)/.exec(claims.scp) ?? []
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job }
}

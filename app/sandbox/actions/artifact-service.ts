/**
 * The results service that `@actions/artifact` speaks since its version 2: Twirp calls in protobuf's JSON form, with a
 * job's runtime token. It takes both spellings of field names, as protobuf JSON does, and answers the proto names.
 */
import type { Hono } from 'hono'
import { z } from 'zod'

import { type Artifact, artifactsOf, jobsOf, runsOf, type WorkflowJob, type WorkflowRun } from '../model/workflow.ts'
import type { World } from '../world.ts'
import { artifactPath, expiryOf } from './artifact-path.ts'
import { deleteBlob, readBlob, sealBlob } from './blob-store.ts'
import { readRuntimeToken, signBlobUrl } from './runtime-token.ts'

export const TWIRP_ROOT = '/twirp/github.actions.results.api.v1.ArtifactService'

/** Twirp's error codes in use here, with their HTTP statuses. */
const STATUSES = {
  already_exists: 409,
  bad_route: 404,
  invalid_argument: 400,
  malformed: 400,
  not_found: 404,
  permission_denied: 403,
  resource_exhausted: 429,
  unauthenticated: 401,
} as const

class TwirpError extends Error {
  readonly code: keyof typeof STATUSES

  constructor(code: keyof typeof STATUSES, message: string) {
    super(message)
    this.code = code
  }
}

/** GitHub's limit on artifacts of one job. */
const MAX_ARTIFACTS_PER_JOB = 500
const UPLOAD_LIFE_MS = 60 * 60_000
const FORBIDDEN_IN_NAMES = /["/\\:<>|*?\r\n]/

const ids = { workflow_run_backend_id: z.string(), workflow_job_run_backend_id: z.string() }
const int64 = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(Number)
const CREATE = z.object({
  ...ids,
  name: z.string().min(1),
  expires_at: z.iso.datetime().optional(),
  version: z.number().int(),
  mime_type: z.string().optional(),
})
const FINALIZE = z.object({ ...ids, name: z.string(), size: int64.default(0), hash: z.string().optional() })
const LIST = z.object({ ...ids, name_filter: z.string().optional(), id_filter: int64.optional() })
const NAMED = z.object({ ...ids, name: z.string() })

interface Call {
  readonly world: World
  readonly run: WorkflowRun
  readonly job: WorkflowJob
  readonly body: unknown
}

/** Protobuf JSON may name fields in lower camel case as well. */
function snakeCase(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const rename = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [rename(name), value as unknown]))
}

/** Parses the body and holds the ids in it to those in the token. */
function parse<T extends { workflow_run_backend_id: string }>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(snakeCase(call.body))
  if (!parsed.success) throw new TwirpError('invalid_argument', z.prettifyError(parsed.error))
  if (parsed.data.workflow_run_backend_id !== call.run.backendId)
    throw new TwirpError('permission_denied', 'the token is not for this workflow run')
  return parsed.data
}

const inRun = (call: Call): readonly Artifact[] =>
  artifactsOf(call.world.state).where((one) => one.runId === call.run.id)

function create(call: Call) {
  const { world, run, job } = call
  const asked = parse(CREATE, call)
  if (asked.workflow_job_run_backend_id !== job.backendId)
    throw new TwirpError('permission_denied', 'the token is not for this job')
  if (FORBIDDEN_IN_NAMES.test(asked.name)) throw new TwirpError('invalid_argument', 'the artifact name is not valid')
  const existing = inRun(call).filter((one) => one.attempt === run.attempt)
  const same = existing.find((one) => one.name === asked.name)
  // A name is taken as soon as its upload has begun, whoever began it.
  if (same !== undefined)
    throw new TwirpError('already_exists', 'an artifact with this name already exists on the workflow run')
  if (existing.filter((one) => one.jobId === job.id).length >= MAX_ARTIFACTS_PER_JOB)
    throw new TwirpError('resource_exhausted', 'too many artifacts in this job')
  const now = world.clock.now()
  const artifact = artifactsOf(world.state).put({
    id: world.state.ids.next(),
    repositoryId: run.repositoryId,
    runId: run.id,
    attempt: run.attempt,
    jobId: job.id,
    name: asked.name,
    mimeType: asked.mime_type ?? 'application/zip',
    size: 0,
    digest: null,
    finalized: false,
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryOf(now, asked.expires_at),
  })
  const path = artifactPath(world.state, artifact)
  return { ok: true, signed_upload_url: signBlobUrl(world.state, world.origin(), path, 'w', UPLOAD_LIFE_MS) }
}

function finalize(call: Call) {
  const { world, run } = call
  const asked = parse(FINALIZE, call)
  const artifact = inRun(call).find((one) => one.name === asked.name && one.attempt === run.attempt && !one.finalized)
  const blob = artifact && readBlob(world.state, artifactPath(world.state, artifact))
  if (artifact === undefined || blob === undefined)
    throw new TwirpError('not_found', 'no upload of this name was begun')
  if (asked.size !== blob.bytes.length)
    throw new TwirpError(
      'invalid_argument',
      `the size ${asked.size} differs from the ${blob.bytes.length} bytes uploaded`,
    )
  sealBlob(world.state, artifactPath(world.state, artifact))
  // The digest is the uploader's word: whoever relies on it compares the bytes.
  artifactsOf(world.state).update(artifact.id, {
    size: asked.size,
    digest: asked.hash ?? null,
    finalized: true,
    updatedAt: world.clock.now(),
  })
  return { ok: true, artifact_id: String(artifact.id) }
}

function list(call: Call) {
  const { world } = call
  const asked = parse(LIST, call)
  const artifacts = inRun(call).filter(
    (one) =>
      one.finalized &&
      (asked.name_filter === undefined || one.name === asked.name_filter) &&
      (asked.id_filter === undefined || one.id === asked.id_filter),
  )
  return {
    artifacts: artifacts.map((one) => ({
      workflow_run_backend_id: call.run.backendId,
      workflow_job_run_backend_id: jobsOf(world.state).get(one.jobId)?.backendId ?? '',
      database_id: String(one.id),
      name: one.name,
      size: String(one.size),
      created_at: new Date(one.createdAt).toISOString(),
      digest: one.digest,
    })),
  }
}

function named(call: Call): Artifact {
  const { name } = parse(NAMED, call)
  const artifact = inRun(call).findLast((one) => one.name === name && one.finalized)
  if (artifact === undefined) throw new TwirpError('not_found', 'artifact not found')
  return artifact
}

const METHODS: Readonly<Record<string, (call: Call) => unknown>> = {
  CreateArtifact: create,
  FinalizeArtifact: finalize,
  ListArtifacts: list,
  GetSignedArtifactURL(call) {
    const path = artifactPath(call.world.state, named(call))
    return { signed_url: signBlobUrl(call.world.state, call.world.origin(), path, 'r', UPLOAD_LIFE_MS) }
  },
  DeleteArtifact(call) {
    const artifact = named(call)
    deleteBlob(call.world.state, artifactPath(call.world.state, artifact))
    artifactsOf(call.world.state).delete(artifact.id)
    return { ok: true, artifact_id: String(artifact.id) }
  },
}

function answer(world: World, method: string, authorization: string | undefined, text: string): unknown {
  const handler = METHODS[method]
  if (handler === undefined) {
    world.log.recordUnsupported(`POST ${TWIRP_ROOT}/${method}`)
    throw new TwirpError('bad_route', `no handler for ${method}`)
  }
  const token = readRuntimeToken(world.state, (authorization ?? '').replace(/^Bearer /i, ''))
  const run = runsOf(world.state).find((one) => one.backendId === token?.run)
  const job = jobsOf(world.state).find((one) => one.backendId === token?.job)
  if (run === undefined || job === undefined || job.runId !== run.id)
    throw new TwirpError('unauthenticated', 'the runtime token is not valid for a current run')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new TwirpError('malformed', 'the json request could not be decoded')
  }
  return handler({ world, run, job, body })
}

export function mountArtifactService(http: Hono, world: World): void {
  http.post(`${TWIRP_ROOT}/:method`, async (c) => {
    const method = c.req.param('method')
    let reply: Response
    try {
      reply = c.json(answer(world, method, c.req.header('authorization'), await c.req.text()) as object)
    } catch (error) {
      if (!(error instanceof TwirpError)) throw error
      reply = c.json({ code: error.code, msg: error.message }, STATUSES[error.code])
    }
    note(world, method, reply.status)
    return reply
  })
}

/** Counted as the Action's; GitHub's rate limits are those of the REST API and do not count this service. */
function note(world: World, method: string, status: number): void {
  const path = `${TWIRP_ROOT}/${method}`
  const route = `POST artifact service ${method}`
  world.log.record({
    at: world.clock.now(),
    actor: 'action',
    login: null,
    method: 'POST',
    route,
    path,
    status,
    points: 0,
  })
}

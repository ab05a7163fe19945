import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { rerun, startJob } from '../../../app/sandbox/actions/run-lifecycle.ts'
import { runnerEnvironment } from '../../../app/sandbox/actions/runner-environment.ts'
import { createManualClock } from '../../../app/sandbox/clock.ts'
import { jobsOf, runsOf } from '../../../app/sandbox/model/workflow.ts'
import type { SandboxOptions } from '../../../app/sandbox/sandbox.ts'
import type { Reply } from '../client.ts'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const SERVICE = 'twirp/github.actions.results.api.v1.ArtifactService'
const BYTES = Buffer.from('PK, said the zip. '.repeat(50))
const SHA = createHash('sha256').update(BYTES).digest('hex')

/** A job that has begun, and the variables that its steps see. */
const beginJob = async (options: SandboxOptions = {}) => {
  const started = await startSandbox(options)
  await started.commit('main', 'a.txt', 'a')
  await started.idle()
  const [run] = runsOf(started.sandbox.state).all()
  const [job] = jobsOf(started.sandbox.state).all()
  if (!run || !job) throw new Error('the push made no run')
  startJob(started.sandbox.world, job.id)
  const dir = await mkdtemp(join(tmpdir(), 'runner-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { variables } = await runnerEnvironment(started.sandbox.world, run, job, dir)
  return { ...started, run, job, variables }
}

type Variables = Readonly<Record<string, string>>

/** The requests that @actions/artifact makes, written out. */
const speak = (variables: Variables) => {
  const claims = JSON.parse(
    Buffer.from((variables['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.')[1] ?? '', 'base64url').toString(),
  )
  const [, run, job] = claims.scp
    .split(' ')
    .find((scope: string) => scope.startsWith('Actions.Results:'))
    .split(':')
  const ids = { workflow_run_backend_id: run, workflow_job_run_backend_id: job }
  return async (method: string, body: object, token = variables['ACTIONS_RUNTIME_TOKEN']) => {
    const answer = await fetch(new URL(`/${SERVICE}/${method}`, variables['ACTIONS_RESULTS_URL']), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ ...ids, ...body }),
    })
    return { status: answer.status, json: (await answer.json()) as Reply['json'] }
  }
}

const upload = async (variables: Variables, name: string, bytes = BYTES, hash = `sha256:${SHA}`) => {
  const call = speak(variables)
  const created = await call('CreateArtifact', { name, version: 7, mime_type: 'application/zip' })
  const put = await fetch(created.json.signed_upload_url, {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/zip' },
    body: new Uint8Array(bytes),
  })
  expect(put.status).toBe(201)
  return call('FinalizeArtifact', { name, size: String(bytes.length), hash })
}

const download = async (started: Started, id: number | string, who: 'bob' | 'muster' = 'muster') => {
  const found = await started.as(who).get(`${WIDGETS}/actions/artifacts/${id}/zip`)
  expect(found.status).toBe(302)
  return fetch(found.headers.get('location') ?? '')
}

describe('uploading an artifact', () => {
  it('makes one that the REST API shows with its digest and its run, and hands out', async () => {
    const started = await beginJob()
    const done = await upload(started.variables, 'muster-report')
    expect(done).toMatchObject({ status: 200, json: { ok: true } })

    const { json: list } = await started
      .as('muster')
      .get(`${WIDGETS}/actions/runs/${started.run.id}/artifacts?name=muster-report`)
    expect(list.total_count).toBe(1)
    expect(list.artifacts[0]).toMatchObject({
      id: Number(done.json.artifact_id),
      name: 'muster-report',
      size_in_bytes: BYTES.length,
      digest: `sha256:${SHA}`,
      expired: false,
      workflow_run: {
        id: started.run.id,
        head_sha: started.run.headSha,
        head_branch: 'main',
        repository_id: 401,
        head_repository_id: 401,
      },
    })
    const bytes = Buffer.from(await (await download(started, done.json.artifact_id)).arrayBuffer())
    expect(bytes.equals(BYTES)).toBe(true)
    expect((await started.as('bob').get(`${WIDGETS}/actions/artifacts?name=other`)).json.total_count).toBe(0)
    expect(
      (await started.as('anonymous').get(`${WIDGETS}/actions/artifacts/${done.json.artifact_id}/zip`)).status,
    ).toBe(401)
  })

  it('is counted as the Action’s requests', async () => {
    const started = await beginJob()
    started.sandbox.log.clear()
    await upload(started.variables, 'muster-report')
    expect(started.sandbox.log.counts().by_route).toEqual({
      action: { 'POST artifact service CreateArtifact': 1, 'POST artifact service FinalizeArtifact': 1 },
    })
  })

  it('takes the bytes in blocks, in the order of the block list', async () => {
    const started = await beginJob()
    const call = speak(started.variables)
    const { json } = await call('CreateArtifact', { name: 'big', version: 7 })
    const put = (query: string, body: string) => fetch(`${json.signed_upload_url}&${query}`, { method: 'PUT', body })
    const ids = ['YQ==', 'Yg=='].map(encodeURIComponent)
    expect((await put(`comp=block&blockid=${ids[1]}`, 'world')).status).toBe(201)
    expect((await put(`comp=block&blockid=${ids[0]}`, 'hello ')).status).toBe(201)
    const missing = await put('comp=blocklist', '<BlockList><Latest>YQ==</Latest><Latest>eA==</Latest></BlockList>')
    expect([missing.status, missing.headers.get('x-ms-error-code')]).toEqual([400, 'InvalidBlockList'])
    const list = '<?xml version="1.0"?><BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>'
    expect((await put('comp=blocklist', list)).status).toBe(201)
    const done = await call('FinalizeArtifact', { name: 'big', size: '11' })
    expect(await (await download(started, done.json.artifact_id)).text()).toBe('hello world')
    expect(
      (await started.as('bob').get(`${WIDGETS}/actions/artifacts/${done.json.artifact_id}`)).json.digest,
    ).toBeNull()
  })

  it('is not seen before it is finalized, and cannot be changed after', async () => {
    const started = await beginJob()
    const call = speak(started.variables)
    const { json } = await call('CreateArtifact', { name: 'report', version: 4 })
    expect((await started.as('bob').get(`${WIDGETS}/actions/artifacts`)).json.total_count).toBe(0)
    expect((await call('FinalizeArtifact', { name: 'report', size: '1' })).json.code).toBe('not_found')
    const headers = { 'x-ms-blob-type': 'BlockBlob' }
    await fetch(json.signed_upload_url, { method: 'PUT', headers, body: 'one' })
    expect((await call('FinalizeArtifact', { name: 'report', size: '4' })).json.code).toBe('invalid_argument')
    expect((await call('FinalizeArtifact', { name: 'report', size: '3' })).status).toBe(200)
    expect((await fetch(json.signed_upload_url, { method: 'PUT', headers, body: 'two' })).status).toBe(409)
    const again = await call('CreateArtifact', { name: 'report', version: 4 })
    expect(again).toMatchObject({ status: 409, json: { code: 'already_exists' } })
  })

  it('has a name that is taken for every job of the run as soon as its upload has begun', async () => {
    const started = await beginJob()
    const { state, world } = started.sandbox
    const other = jobsOf(state).put({ ...started.job, id: state.ids.next(), backendId: 'another-job' })
    const dir = await mkdtemp(join(tmpdir(), 'runner-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const { variables } = await runnerEnvironment(world, started.run, other, dir)
    const body = { name: 'report', version: 7 }
    expect((await speak(started.variables)('CreateArtifact', body)).status).toBe(200)
    expect((await speak(started.variables)('CreateArtifact', body)).status).toBe(409)
    expect(await speak(variables)('CreateArtifact', body)).toMatchObject({
      status: 409,
      json: { code: 'already_exists' },
    })
  })

  it('keeps the digest that the uploader claims, true or not', async () => {
    const started = await beginJob()
    const claimed = `sha256:${'0'.repeat(64)}`
    const done = await upload(started.variables, 'lie', BYTES, claimed)
    expect((await started.as('bob').get(`${WIDGETS}/actions/artifacts/${done.json.artifact_id}`)).json.digest).toBe(
      claimed,
    )
  })
})

describe('the runtime token', () => {
  it('is refused when forged, for another run, and after its time', async () => {
    const clock = createManualClock()
    const started = await beginJob({ clock })
    const call = speak(started.variables)
    const body = { name: 'report', version: 7 }
    const [head, claims] = (started.variables['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.')
    expect((await call('CreateArtifact', body, `${head}.${claims}.${'A'.repeat(43)}`)).json.code).toBe(
      'unauthenticated',
    )
    expect((await call('CreateArtifact', body, 'nonsense')).json.code).toBe('unauthenticated')
    const other = { ...body, workflow_run_backend_id: 'another' }
    expect((await call('CreateArtifact', other)).json.code).toBe('permission_denied')
    clock.advance(7 * 3_600_000)
    expect((await call('CreateArtifact', body)).json.code).toBe('unauthenticated')
  })

  it('does not sign uploads to other places, nor reads', async () => {
    const started = await beginJob()
    const { json } = await speak(started.variables)('CreateArtifact', { name: 'report', version: 7 })
    const url = new URL(json.signed_upload_url)
    const put = { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' }
    url.pathname = url.pathname.replace(/\d+\.zip$/, '1.zip')
    expect((await fetch(url, put)).status).toBe(403)
    expect((await fetch(json.signed_upload_url.replace('sp=w', 'sp=r'))).status).toBe(403)
    expect((await fetch(json.signed_upload_url)).status).toBe(403)
  })
})

describe('over time', () => {
  it('expires: 410, though the list still names it', async () => {
    const clock = createManualClock()
    const started = await beginJob({ clock })
    const { json } = await upload(started.variables, 'report')
    clock.advance(91 * 86_400_000)
    const { json: list } = await started.as('bob').get(`${WIDGETS}/actions/artifacts`)
    expect(list.artifacts[0].expired).toBe(true)
    expect((await started.as('bob').get(`${WIDGETS}/actions/artifacts/${json.artifact_id}/zip`)).status).toBe(410)
  })

  it.each([false, true])('running the job again keeps its artifact: %s', async (rerunKeepsArtifacts) => {
    const started = await beginJob({ switches: { rerunKeepsArtifacts } })
    await upload(started.variables, 'report')
    await rerun(
      { world: started.sandbox.world, caller: { kind: 'user', userId: 102, agent: false } },
      started.run.id,
      102,
      null,
    )
    const { json } = await started.as('bob').get(`${WIDGETS}/actions/runs/${started.run.id}/artifacts`)
    expect(json.total_count).toBe(rerunKeepsArtifacts ? 1 : 0)
    expect((await speak(started.variables)('ListArtifacts', {})).json.code).toBe('unauthenticated')
  })

  it('lists, finds and deletes for the job itself', async () => {
    const started = await beginJob()
    const { json } = await upload(started.variables, 'report')
    const call = speak(started.variables)
    const { json: list } = await call('ListArtifacts', { nameFilter: 'report' })
    expect(list.artifacts).toMatchObject([
      { database_id: json.artifact_id, name: 'report', size: String(BYTES.length) },
    ])
    const { json: signed } = await call('GetSignedArtifactURL', { name: 'report' })
    expect((await (await fetch(signed.signed_url)).arrayBuffer()).byteLength).toBe(BYTES.length)
    expect((await call('DeleteArtifact', { name: 'report' })).json.ok).toBe(true)
    expect((await call('ListArtifacts', {})).json.artifacts).toEqual([])
    expect((await call('MigrateArtifact', {})).json.code).toBe('bad_route')
    expect(started.sandbox.log.unsupported).toEqual([`POST /${SERVICE}/MigrateArtifact`])
  })
})

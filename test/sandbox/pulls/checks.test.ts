import { describe, expect, it } from 'vitest'

import { createCheckRun, pressCheckAction, rerequestCheckRun } from '../../../app/sandbox/changes/check-runs.ts'
import type { Caller } from '../../../app/sandbox/auth/caller.ts'
import { rerun } from '../../../app/sandbox/actions/run-lifecycle.ts'
import { runsOf } from '../../../app/sandbox/model/workflow.ts'
import { createSpeaker } from '../client.ts'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const RUNS = `${WIDGETS}/check-runs`
const BOB: Caller = { kind: 'user', userId: 102, agent: false }

const headOf = async (started: Started): Promise<string> =>
  (await started.as('bob').get(`${WIDGETS}/git/ref/heads/main`)).json.object.sha

const makeRun = async (started: Started, more: object = {}) =>
  (await started.as('muster').post(RUNS, { name: 'muster', head_sha: await headOf(started), ...more })).json

const annotation = (line: number, more: object = {}) => ({
  path: 'src/a.js',
  start_line: line,
  end_line: line,
  annotation_level: 'failure',
  message: `line ${line}`,
  ...more,
})

const output = (more: object = {}) => ({ output: { title: 'Title', summary: 'Summary', ...more } })

describe('creating and updating', () => {
  it('completes with a conclusion and opens again with a status', async () => {
    const started = await startSandbox()
    const run = await makeRun(started, { external_id: 'attempt-1', details_url: 'https://example.test/1', ...output() })
    expect(run).toMatchObject({ status: 'queued', conclusion: null, external_id: 'attempt-1', app: { slug: 'muster' } })
    expect(run.details_url).toBe('https://example.test/1')
    const patch = async (body: object) => (await started.as('muster').patch(`${RUNS}/${run.id}`, body)).json
    expect(await patch({ status: 'in_progress' })).toMatchObject({ status: 'in_progress', completed_at: null })
    expect(await patch({ conclusion: 'failure' })).toMatchObject({ status: 'completed', conclusion: 'failure' })
    expect((await patch({ conclusion: 'timed_out' })).conclusion).toBe('timed_out')
    expect(await patch({ status: 'in_progress' })).toMatchObject({ status: 'in_progress', conclusion: null })
    expect((await patch({ conclusion: 'success' })).output.title).toBe('Title')
    expect(started.names().filter((name) => name.startsWith('check_'))).toEqual([
      'check_run.created',
      'check_run.completed',
      'check_suite.completed',
      'check_suite.completed',
      'check_run.completed',
      'check_suite.completed',
    ])
  })

  it('needs a commit that is there, a name, and a conclusion to be completed', async () => {
    const started = await startSandbox()
    const sha = await headOf(started)
    const post = (body: object) => started.as('muster').post(RUNS, body)
    expect((await post({ name: 'x', head_sha: 'f'.repeat(40) })).json.message).toBe(
      `No commit found for SHA: ${'f'.repeat(40)}`,
    )
    expect((await post({ head_sha: sha })).status).toBe(422)
    expect((await post({ name: 'x', head_sha: 'main' })).status).toBe(422)
    expect((await post({ name: 'x', head_sha: sha, status: 'completed' })).status).toBe(422)
    expect((await post({ name: 'x', head_sha: sha, conclusion: 'stale' })).status).toBe(422)
  })

  it('is for Apps, each its own', async () => {
    const started = await startSandbox()
    const run = await makeRun(started)
    const body = { name: 'mine', head_sha: run.head_sha }
    expect((await started.as('bob').post(RUNS, body)).status).toBe(403)
    expect((await started.as('claude').post(RUNS, body)).json.message).toBe('Resource not accessible by integration')
    const { token } = started.sandbox.world.tokens.mintWorkflow({
      appId: started.sandbox.seed.actions.id,
      repositoryId: 401,
      runId: 1,
      permissions: { checks: 'write' },
    })
    const action = createSpeaker(started.sandbox.url, token)
    const refused = await action.patch(`${RUNS}/${run.id}`, { conclusion: 'success' })
    expect(refused.status).toBe(403)
    expect(refused.json.message).toContain('can only be modified by the GitHub App that created it')
    expect((await action.post(RUNS, body)).json.app.slug).toBe('github-actions')
    expect((await started.as('dave').get(`${RUNS}/${run.id}`)).json.conclusion).toBeNull()
  })
})

describe('limits', () => {
  it('adds annotations to those that stand, at most 50 at a time', async () => {
    const started = await startSandbox()
    const run = await makeRun(started, output({ annotations: [annotation(1)] }))
    const lines = (n: number) => Array.from({ length: n }, (_, i) => annotation(i + 2))
    const patch = (annotations: object[]) => started.as('muster').patch(`${RUNS}/${run.id}`, output({ annotations }))
    const tooMany = await patch(lines(51))
    expect(tooMany).toMatchObject({
      status: 422,
      json: { message: expect.stringContaining('50 items') },
    })
    expect((await patch(lines(50))).json.output.annotations_count).toBe(51)
    const { json } = await started.as('bob').get(`${RUNS}/${run.id}/annotations?per_page=100`)
    expect(json).toHaveLength(51)
    expect(json[0]).toMatchObject({ path: 'src/a.js', start_line: 1, message: 'line 1', title: null })
    expect((await patch([annotation(1, { end_line: 2, start_column: 1 })])).status).toBe(422)
    expect((await patch([annotation(1, { title: 'x'.repeat(256) })])).status).toBe(422)
    expect((await patch([annotation(1, { message: 'x'.repeat(65_537) })])).status).toBe(422)
  })

  it('holds texts to 65,535 characters and buttons to three short ones', async () => {
    const started = await startSandbox()
    const run = await makeRun(started)
    const status = async (body: object) => (await started.as('muster').patch(`${RUNS}/${run.id}`, body)).status
    expect(await status(output({ summary: 'x'.repeat(65_535), text: 'x'.repeat(65_535) }))).toBe(200)
    expect(await status(output({ summary: 'x'.repeat(65_536) }))).toBe(422)
    expect(await status(output({ text: 'x'.repeat(65_536) }))).toBe(422)
    const action = { label: 'Retry', description: 'Run it again', identifier: 'retry' }
    const actions = (change: object, n = 1) => ({
      actions: Array.from({ length: n }, () => ({ ...action, ...change })),
    })
    expect(await status(actions({}, 3))).toBe(200)
    expect(await status(actions({}, 4))).toBe(422)
    expect(await status(actions({ label: 'x'.repeat(21) }))).toBe(422)
    expect(await status(actions({ description: 'x'.repeat(41) }))).toBe(422)
    expect(await status(actions({ identifier: 'x'.repeat(21) }))).toBe(422)
  })
})

describe('a thousand runs of one name', () => {
  it('push out the oldest', async () => {
    const started = await startSandbox()
    const { sandbox } = started
    sandbox.state.apps.update(sandbox.seed.muster.id, { events: [] })
    const headSha = await headOf(started)
    const repository = sandbox.seed.repositories.widgets
    const doer = { world: sandbox.world, caller: BOB }
    const create = () =>
      createCheckRun(doer, { repository, appId: sandbox.seed.muster.id, headSha, name: 'x', fields: {} })
    const first = await create()
    for (let i = 0; i < 1000; i++) await create()
    const { json } = await started.as('muster').get(`${WIDGETS}/commits/${headSha}/check-runs?filter=all&check_name=x`)
    expect(json.total_count).toBe(1000)
    expect((await started.as('muster').get(`${RUNS}/${first.id}`)).status).toBe(404)
  })
})

describe('listing', () => {
  it('shows the newest of each name, or all, by name, App and status', async () => {
    const started = await startSandbox()
    const first = await makeRun(started, { conclusion: 'failure' })
    const second = await makeRun(started)
    const other = await makeRun(started, { name: 'other' })
    const list = async (query: string) =>
      (await started.as('muster').get(`${WIDGETS}/commits/main/check-runs?${query}`)).json.check_runs.map(
        (run: { id: number }) => run.id,
      )
    expect(await list('')).toEqual([other.id, second.id])
    expect(await list('filter=all')).toEqual([other.id, second.id, first.id])
    expect(await list('filter=all&check_name=muster')).toEqual([second.id, first.id])
    expect(await list('filter=all&status=completed')).toEqual([first.id])
    expect(await list(`app_id=${started.sandbox.seed.claude.id}`)).toEqual([])
    expect(second.id).not.toBe(first.id)
    const { json } = await started.as('muster').get(`${WIDGETS}/commits/main/check-suites`)
    expect(json.check_suites).toMatchObject([{ app: { slug: 'muster' }, status: 'queued', latest_check_runs_count: 3 }])
  })

  it('names the pull requests of the same repository that stand on the commit', async () => {
    const started = await startSandbox()
    await started.branch('topic')
    const sha = await started.commit('topic', 'a.txt', 'a')
    const { json: pull } = await started.as('bob').post(`${WIDGETS}/pulls`, { title: 'x', head: 'topic', base: 'main' })
    const run = await makeRun(started, { head_sha: sha })
    expect(run.pull_requests).toMatchObject([{ number: pull.number, head: { ref: 'topic', sha } }])
    const next = await started.commit('topic', 'a.txt', 'b')
    const { json: older } = await started.as('muster').get(`${RUNS}/${run.id}`)
    expect(older).toMatchObject({ head_sha: sha, pull_requests: [{ number: pull.number, head: { sha: next } }] })
  })

  it('puts what a GITHUB_TOKEN makes into any suite of github-actions on that commit', async () => {
    const started = await startSandbox()
    const sha = await started.commit('main', 'a.txt', 'a')
    await started.idle()
    const suites = async () => {
      const { json } = await started.as('bob').get(`${WIDGETS}/commits/${sha}/check-suites`)
      return json.check_suites.filter((one: { app: { slug: string } }) => one.app.slug === 'github-actions')
    }
    const [run] = runsOf(started.sandbox.state).all()
    await rerun({ world: started.sandbox.world, caller: BOB }, run?.id ?? 0, 102, null)
    const before = await suites()
    const { token } = started.sandbox.world.tokens.mintWorkflow({
      appId: started.sandbox.seed.actions.id,
      repositoryId: 401,
      runId: 999,
      permissions: { checks: 'write' },
    })
    const { json } = await createSpeaker(started.sandbox.url, token).post(RUNS, { name: 'mine', head_sha: sha })
    expect(before.map((one: { id: number }) => one.id)).toContain(json.check_suite.id)
    expect(await suites()).toHaveLength(before.length)
  })
})

describe('asking again', () => {
  it.each(['check_run', 'check_suite'] as const)(
    'arrives for the run or for its suite, as the switch says, and resets the suite only: %s',
    async (rerunArrivesAs) => {
      const started = await startSandbox({ switches: { rerunArrivesAs } })
      const run = await makeRun(started, { conclusion: 'failure' })
      rerequestCheckRun({ world: started.sandbox.world, caller: BOB }, run.id)
      expect(started.names().at(-1)).toBe(`${rerunArrivesAs}.rerequested`)
      expect(started.events.at(-1)?.payload).toMatchObject({ sender: { login: 'bob' } })
      expect((await started.as('muster').get(`${RUNS}/${run.id}`)).json.conclusion).toBe('failure')
      const { json } = await started.as('muster').get(`${WIDGETS}/check-suites/${run.check_suite.id}`)
      expect(json).toMatchObject({ status: 'queued', conclusion: null })
    },
  )

  it('tells which button was pressed, once the run is completed', async () => {
    const started = await startSandbox()
    const actions = [{ label: 'Retry', description: 'Run it again', identifier: 'retry' }]
    const run = await makeRun(started, { actions })
    const press = (identifier: string) =>
      pressCheckAction({ world: started.sandbox.world, caller: BOB }, run.id, identifier)
    expect(() => press('retry')).toThrow()
    await started.as('muster').patch(`${RUNS}/${run.id}`, { conclusion: 'failure' })
    expect(() => press('other')).toThrow()
    press('retry')
    expect(started.names().at(-1)).toBe('check_run.requested_action')
    expect(started.events.at(-1)?.payload).toMatchObject({
      requested_action: { identifier: 'retry' },
      check_run: { id: run.id },
    })
  })

  it('goes to the App of the check run and to no other', async () => {
    const started = await startSandbox()
    const run = await makeRun(started, { conclusion: 'failure' })
    const { apps } = started.sandbox.state
    for (const app of apps.all()) apps.update(app.id, { events: ['check_run'] })
    await started.sandbox.deliveries.idle()
    const before = started.sandbox.deliveries.list().length
    rerequestCheckRun({ world: started.sandbox.world, caller: BOB }, run.id)
    const sent = started.sandbox.deliveries.list().slice(before)
    expect(sent.map((one) => one.appId)).toEqual([started.sandbox.seed.muster.id])
    expect((await started.as('bob').post(`${RUNS}/${run.id}/rerequest`)).status).toBe(403)
    expect((await started.as('muster').post(`${RUNS}/${run.id}/rerequest`)).status).toBe(201)
    expect((await started.as('muster').post(`${WIDGETS}/check-suites/${run.check_suite.id}/rerequest`)).status).toBe(
      201,
    )
  })
})

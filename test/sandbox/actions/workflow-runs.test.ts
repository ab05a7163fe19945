import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { type JobAssignment, setJobExecutor } from '../../../app/sandbox/actions/job-scheduler.ts'
import { completeJob, startJob } from '../../../app/sandbox/actions/run-lifecycle.ts'
import { jobsOf } from '../../../app/sandbox/model/workflow.ts'
import { createSpeaker } from '../client.ts'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const RUNS = `${WIDGETS}/actions/runs`

const workflow = (on: string, jobs = 'test: { runs-on: ubuntu-latest, steps: [] }', rest = '') =>
  `name: Work\non: ${on}\n${rest}\njobs:\n  ${jobs}\n`

/** A sandbox whose default branch holds this workflow and no other. */
const withWorkflow = async (source: string): Promise<Started> => {
  const started = await startSandbox()
  await started.plant({ '.github/workflows/ci.yml': null, '.github/workflows/work.yml': source })
  return started
}

const runsIn = async (started: Started, query = '') =>
  (await started.as('bob').get(`${RUNS}${query}`)).json.workflow_runs

const folder = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'runner-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

describe('what starts a run', () => {
  it('is a push to a branch that the file asks for, with the file as it stands there', async () => {
    const started = await withWorkflow(workflow('{ push: { branches: [main] } }'))
    await started.branch('topic')
    await started.commit('topic', 'a.txt', 'a')
    const sha = await started.commit('main', 'a.txt', 'b')
    await started.idle()
    const runs = await runsIn(started, `?head_sha=${sha}`)
    expect(runs).toMatchObject([
      {
        name: 'Work',
        event: 'push',
        path: '.github/workflows/work.yml',
        head_branch: 'main',
        head_sha: sha,
        status: 'queued',
        conclusion: null,
        run_number: 1,
        run_attempt: 1,
        display_title: 'Change a.txt',
        actor: { login: 'bob' },
        pull_requests: [],
      },
    ])
    expect(await runsIn(started, '?branch=topic')).toEqual([])
    expect(started.names().slice(-4)).toEqual([
      'check_suite.requested',
      'workflow_run.requested',
      'check_run.created',
      'workflow_job.queued',
    ])
  })

  it("is an App's own commit too, described as GitHub describes it", async () => {
    const started = await withWorkflow(workflow('push'))
    const body = { message: 'Mine', content: 'YQ==', branch: 'main' }
    const { json } = await started.as('claude').put(`${WIDGETS}/contents/a.txt`, body)
    await started.idle()
    const [run] = await runsIn(started, `?head_sha=${json.commit.sha}`)
    expect(run.head_commit.author.email).toContain('[bot]@')
    expect((await started.as('bob').get(`${RUNS}/${run.id}`)).status).toBe(200)
    expect(started.sandbox.log.violations).toEqual([])
  })

  it('is a pull request: the run stands on its head and checks out the test merge', async () => {
    const started = await withWorkflow(workflow('pull_request'))
    await started.branch('topic')
    const head = await started.commit('topic', 'a.txt', 'a')
    const { json: pull } = await started
      .as('bob')
      .post(`${WIDGETS}/pulls`, { title: 'Add a', head: 'topic', base: 'main' })
    await started.idle()
    const [run] = await runsIn(started)
    expect(run).toMatchObject({ event: 'pull_request', head_sha: head, head_branch: 'topic', display_title: 'Add a' })
    expect(run.pull_requests).toMatchObject([{ number: pull.number, head: { sha: head } }])
    const { json: merge } = await started.as('bob').get(`${WIDGETS}/git/ref/pull/${pull.number}/merge`)
    expect(merge.object.sha).not.toBe(head)
  })

  it("may be a bot's commit, whose address no description calls one", async () => {
    const started = await withWorkflow(workflow('{ push: { branches: [main] } }'))
    const file = { message: 'By a bot', content: 'YQ==' }
    const made = await started.as('claude').put(`${WIDGETS}/contents/a.txt`, file)
    await started.idle()
    const [run] = await runsIn(started)
    expect(run.head_commit.author.email).toMatch(/claude\[bot\]@/)
    await started.as('bob').get(`${RUNS}/${run.id}`)
    await started.as('bob').get(`${WIDGETS}/commits/${made.json.commit.sha}/check-suites`)
    expect(started.sandbox.log.violations).toEqual([])
  })

  it('is not a conflicting pull request, which has nothing to check out', async () => {
    const started = await withWorkflow(workflow('pull_request'))
    await started.branch('topic')
    await started.commit('topic', 'README.md', 'topic\n')
    await started.commit('main', 'README.md', 'main\n')
    await started.as('bob').post(`${WIDGETS}/pulls`, { title: 'Clash', head: 'topic', base: 'main' })
    await started.idle()
    expect(await runsIn(started)).toEqual([])
  })

  it('is a dispatch, which can tell which run it made', async () => {
    const on =
      '{ workflow_dispatch: { inputs: { task: { required: true }, level: { type: choice, options: [a, b], default: a } } } }'
    const started = await withWorkflow(workflow(on))
    const at = `${WIDGETS}/actions/workflows/work.yml/dispatches`
    const post = (inputs: object, more: object = {}) => started.as('alice').post(at, { ref: 'main', inputs, ...more })
    expect((await post({})).json.message).toBe("Required input 'task' not provided")
    expect((await post({ task: 'DEV-1', other: '1' })).json.message).toBe('Unexpected inputs provided: ["other"]')
    expect((await post({ task: 'DEV-1', level: 'c' })).status).toBe(422)
    expect((await started.as('alice').post(at, { ref: 'none', inputs: { task: 'x' } })).json.message).toBe(
      'No ref found for: none',
    )
    expect(await runsIn(started)).toEqual([])
    expect((await post({ task: 'DEV-1' })).status).toBe(204)
    const told = await post({ task: 'DEV-1' }, { return_run_details: true })
    const [run] = await runsIn(started)
    expect(told).toMatchObject({
      status: 200,
      json: { workflow_run_id: run.id, run_url: run.url, html_url: run.html_url },
    })
    expect(run).toMatchObject({ event: 'workflow_dispatch', actor: { login: 'alice' } })
  })

  it('is a repository dispatch of the right type', async () => {
    const started = await withWorkflow(workflow('{ repository_dispatch: { types: [muster-attempt] } }'))
    await started.as('claude').post(`${WIDGETS}/dispatches`, { event_type: 'other' })
    await started
      .as('claude')
      .post(`${WIDGETS}/dispatches`, { event_type: 'muster-attempt', client_payload: { task: 'DEV-1' } })
    await started.idle()
    expect(await runsIn(started)).toMatchObject([
      { event: 'repository_dispatch', head_branch: 'main', display_title: 'muster-attempt' },
    ])
  })

  it('is a new issue, a comment, or the end of another run, on the default branch', async () => {
    const on = '{ issues: { types: [opened] }, issue_comment: { types: [created] } }'
    const started = await withWorkflow(workflow(on))
    await started.plant({
      '.github/workflows/after.yml': workflow('{ workflow_run: { workflows: [Work], types: [completed] } }').replace(
        'Work',
        'After',
      ),
    })
    setJobExecutor(started.sandbox.world, () => Promise.resolve({ conclusion: 'success' }))
    await started.as('dave').post(`${WIDGETS}/issues`, { title: 'Broken' })
    await started.as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'Look' })
    await started.as('dave').patch(`${WIDGETS}/issues/1`, { title: 'Very broken' })
    await started.idle()
    const runs = (await runsIn(started)).map((run: { name: string; event: string; display_title: string }) =>
      [run.name, run.event, run.display_title].join(' / '),
    )
    expect(runs.toSorted()).toEqual([
      'After / workflow_run / Work',
      'After / workflow_run / Work',
      'Work / issue_comment / Broken',
      'Work / issues / Broken',
    ])
  })

  it('is no commit that asks to be skipped, and no chain without end', async () => {
    const on = '{ push: , workflow_run: { workflows: [Work], types: [completed] } }'
    const started = await withWorkflow(workflow(on))
    setJobExecutor(started.sandbox.world, () => Promise.resolve({ conclusion: 'success' }))
    const write = (message: string, path: string) =>
      started.as('bob').put(`${WIDGETS}/contents/${path}`, { message, content: 'YQ==' })
    await write('Typo [skip ci]', 'a.txt')
    await started.idle()
    expect(await runsIn(started)).toEqual([])
    await write('Work', 'b.txt')
    await started.idle()
    const events = (await runsIn(started)).map((run: { event: string }) => run.event)
    expect(events).toEqual(['workflow_run', 'workflow_run', 'workflow_run', 'push'])
  })

  it('is nothing that a GITHUB_TOKEN did, except the two dispatches', async () => {
    const started = await withWorkflow(
      workflow('{ push: , pull_request: , workflow_dispatch: , repository_dispatch: }'),
    )
    const { token } = started.sandbox.world.tokens.mintWorkflow({
      appId: started.sandbox.seed.actions.id,
      repositoryId: 401,
      runId: 1,
      permissions: { contents: 'write', pull_requests: 'write', actions: 'write' },
    })
    const before = (await runsIn(started)).length
    const run = createSpeaker(started.sandbox.url, token)
    await started.branch('topic')
    await started.idle()
    const after = (await runsIn(started)).length
    expect(after).toBe(before + 1)
    const put = await run.put(`${WIDGETS}/contents/a.txt`, { message: 'By a run', content: 'YQ==', branch: 'topic' })
    expect(put.status).toBe(201)
    expect((await run.post(`${WIDGETS}/pulls`, { title: 'By a run', head: 'topic', base: 'main' })).status).toBe(201)
    await started.idle()
    expect(await runsIn(started)).toHaveLength(after)
    await run.post(`${WIDGETS}/dispatches`, { event_type: 'go' })
    await run.post(`${WIDGETS}/actions/workflows/work.yml/dispatches`, { ref: 'main' })
    await started.idle()
    expect(
      (await runsIn(started))
        .slice(0, -after)
        .map((one: { event: string }) => one.event)
        .toSorted(),
    ).toEqual(['repository_dispatch', 'workflow_dispatch'])
  })
})

describe('the life of a run', () => {
  it('goes through its jobs to its end, with webhooks and check runs', async () => {
    const started = await withWorkflow(workflow('push'))
    const sha = await started.commit('main', 'a.txt', 'a')
    await started.idle()
    const job = jobsOf(started.sandbox.state).all().at(-1)
    started.events.length = 0
    startJob(started.sandbox.world, job?.id ?? 0)
    completeJob(started.sandbox.world, job?.id ?? 0, { conclusion: 'failure', log: 'It broke.\n' })
    completeJob(started.sandbox.world, job?.id ?? 0, { conclusion: 'success' })
    expect(started.names()).toEqual([
      'workflow_run.in_progress',
      'workflow_job.in_progress',
      'check_run.completed',
      'check_suite.completed',
      'workflow_job.completed',
      'workflow_run.completed',
    ])
    const [run] = await runsIn(started, `?head_sha=${sha}&status=failure`)
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' })
    const { json: jobs } = await started.as('bob').get(`${RUNS}/${run.id}/jobs`)
    expect(jobs.jobs).toMatchObject([{ name: 'test', status: 'completed', conclusion: 'failure', run_attempt: 1 }])
    const { json: checks } = await started.as('bob').get(`${WIDGETS}/commits/${sha}/check-runs`)
    expect(checks.check_runs).toMatchObject([{ name: 'test', conclusion: 'failure', app: { slug: 'github-actions' } }])
    const logs = await started.as('bob').get(`${WIDGETS}/actions/jobs/${jobs.jobs[0].id}/logs`)
    expect(logs.status).toBe(302)
    expect(await (await fetch(logs.headers.get('location') ?? '')).text()).toBe('It broke.\n')
  })

  it('keeps earlier attempts when it is run again', async () => {
    const started = await withWorkflow(workflow('push'))
    await started.commit('main', 'a.txt', 'a')
    await started.idle()
    const job = jobsOf(started.sandbox.state).all().at(-1)
    const [queued] = await runsIn(started)
    expect((await started.as('alice').post(`${RUNS}/${queued.id}/rerun`)).status).toBe(403)
    completeJob(started.sandbox.world, job?.id ?? 0, { conclusion: 'failure' })
    expect((await started.as('dave').post(`${RUNS}/${queued.id}/rerun`)).status).toBe(403)
    expect((await started.as('alice').post(`${RUNS}/${queued.id}/rerun-failed-jobs`)).status).toBe(201)
    const [run] = await runsIn(started)
    expect(run).toMatchObject({
      id: queued.id,
      run_attempt: 2,
      status: 'queued',
      triggering_actor: { login: 'alice' },
    })
    const { json: first } = await started.as('bob').get(`${RUNS}/${run.id}/attempts/1`)
    expect(first).toMatchObject({ run_attempt: 1, conclusion: 'failure', triggering_actor: { login: 'bob' } })
    expect((await started.as('bob').get(`${RUNS}/${run.id}/jobs?filter=all`)).json.total_count).toBe(2)
    expect((await started.as('bob').get(`${RUNS}/${run.id}/attempts/2/jobs`)).json.jobs).toMatchObject([
      { status: 'queued' },
    ])
    expect((await started.as('alice').post(`${RUNS}/${run.id}/cancel`)).status).toBe(202)
    expect((await runsIn(started))[0]).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
    expect((await started.as('alice').post(`${RUNS}/${run.id}/cancel`)).status).toBe(409)
  })
})

describe('executing jobs', () => {
  const JOBS = `test: { runs-on: ubuntu-latest, steps: [{ run: npm test }] }
  lint: { runs-on: ubuntu-latest }
  report: { needs: [test, lint], if: always(), runs-on: ubuntu-latest }
  deploy: { needs: test, runs-on: ubuntu-latest }
  notify: { needs: deploy, runs-on: ubuntu-latest }`

  it('respects needs, skips what cannot run, and runs what always runs', async () => {
    const started = await withWorkflow(workflow('push', JOBS))
    const order: string[] = []
    setJobExecutor(started.sandbox.world, ({ definition }) => {
      order.push(definition.key)
      return Promise.resolve({ conclusion: definition.key === 'test' ? 'failure' : 'success' })
    })
    await started.idle()
    order.length = 0
    await started.commit('main', 'a.txt', 'a')
    await started.idle()
    expect(order.toSorted()).toEqual(['lint', 'report', 'test'])
    expect(order.at(-1)).toBe('report')
    const [run] = await runsIn(started)
    const { json } = await started.as('bob').get(`${RUNS}/${run.id}/jobs`)
    const conclusions = json.jobs.map((job: { name: string; conclusion: string }) => [job.name, job.conclusion])
    expect(Object.fromEntries(conclusions)).toEqual({
      test: 'failure',
      lint: 'success',
      report: 'success',
      deploy: 'skipped',
      notify: 'skipped',
    })
    expect(run.conclusion).toBe('failure')
  })

  it('fails a job whose executor throws, and aborts one that is cancelled', async () => {
    const started = await withWorkflow(workflow('push', 'a: { runs-on: x }\n  b: { runs-on: x }'))
    const begun = Promise.withResolvers<number>()
    let aborted = false
    setJobExecutor(started.sandbox.world, ({ run, definition, signal }) => {
      if (definition.key === 'a') return Promise.reject(new Error('no such runner'))
      begun.resolve(run.id)
      return new Promise((done) => {
        signal.addEventListener('abort', () => {
          aborted = true
          done({ conclusion: 'success' })
        })
      })
    })
    await started.commit('main', 'a.txt', 'a')
    expect((await started.as('bob').post(`${RUNS}/${await begun.promise}/cancel`)).status).toBe(202)
    await started.idle()
    expect(aborted).toBe(true)
    const jobs = jobsOf(started.sandbox.state).all()
    expect(jobs.map((one) => [one.key, one.conclusion])).toEqual([
      ['a', 'failure'],
      ['b', 'cancelled'],
    ])
    expect(jobs[0]?.log).toContain('no such runner')
  })

  it("gives a job the runner's environment and a token that ends with it", async () => {
    const started = await withWorkflow(
      workflow('pull_request', undefined, 'permissions: { contents: read, checks: write }'),
    )
    const dir = await folder()
    let variables: Readonly<Record<string, string>> = {}
    let during = 0
    setJobExecutor(started.sandbox.world, async (assignment: JobAssignment) => {
      variables = await assignment.environment(dir)
      during = (await createSpeaker(started.sandbox.url, variables['GITHUB_TOKEN'] ?? '').get(WIDGETS)).status
      return { conclusion: 'success' }
    })
    await started.branch('topic')
    await started.commit('topic', 'a.txt', 'a')
    const { json: pull } = await started
      .as('bob')
      .post(`${WIDGETS}/pulls`, { title: 'Add a', head: 'topic', base: 'main' })
    await started.idle()
    const [run] = await runsIn(started)
    const { json: merge } = await started.as('bob').get(`${WIDGETS}/git/ref/pull/${pull.number}/merge`)
    expect(variables).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'bob',
      GITHUB_API_URL: started.sandbox.url,
      GITHUB_BASE_REF: 'main',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_HEAD_REF: 'topic',
      GITHUB_JOB: 'test',
      GITHUB_REF: `refs/pull/${pull.number}/merge`,
      GITHUB_REPOSITORY: 'acme/widgets',
      GITHUB_REPOSITORY_ID: '401',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: String(run.id),
      GITHUB_SHA: merge.object.sha,
      GITHUB_WORKFLOW_REF: `acme/widgets/.github/workflows/work.yml@refs/pull/${pull.number}/merge`,
      ACTIONS_RESULTS_URL: `${started.sandbox.url}/`,
    })
    const event = JSON.parse(await readFile(variables['GITHUB_EVENT_PATH'] ?? '', 'utf8'))
    expect(event).toMatchObject({ action: 'opened', number: pull.number, repository: { full_name: 'acme/widgets' } })
    for (const name of ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'])
      expect(await readFile(variables[name] ?? '', 'utf8')).toBe('')
    expect(during).toBe(200)
    expect((await createSpeaker(started.sandbox.url, variables['GITHUB_TOKEN'] ?? '').get(WIDGETS)).status).toBe(401)
  })

  it('gives a run for a fork a token that only reads', async () => {
    const started = await withWorkflow(
      workflow('pull_request', undefined, 'permissions: { contents: write, checks: write }'),
    )
    const dir = await folder()
    let answer = { status: 0 }
    setJobExecutor(started.sandbox.world, async (assignment) => {
      const token = (await assignment.environment(dir))['GITHUB_TOKEN'] ?? ''
      const body = { name: 'mine', head_sha: assignment.run.headSha }
      answer = await createSpeaker(started.sandbox.url, token).post(`${WIDGETS}/check-runs`, body)
      return { conclusion: 'success' }
    })
    await started.as('mallory').post(`${WIDGETS}/forks`)
    const fork = '/repos/mallory/widgets'
    await started.as('mallory').put(`${fork}/contents/a.txt`, { message: 'Mine', content: 'YQ==' })
    const made = await started
      .as('mallory')
      .post(`${WIDGETS}/pulls`, { title: 'From outside', head: 'mallory:main', base: 'main' })
    expect(made.status).toBe(201)
    await started.idle()
    expect(answer.status).toBe(403)
    const [run] = await runsIn(started)
    expect(run).toMatchObject({ head_repository: { full_name: 'mallory/widgets', fork: true }, pull_requests: [] })
  })
})

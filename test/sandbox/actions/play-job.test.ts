import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { createSpeaker } from '../client.ts'
import { startSandbox, WIDGETS } from '../start-sandbox.ts'

const WORK = `name: Work
on: workflow_dispatch
permissions: { contents: read, issues: write }
jobs:
  agent: { runs-on: ubuntu-latest, steps: [] }
  verify: { needs: agent, runs-on: ubuntu-latest, steps: [] }
`

async function dispatched() {
  const started = await startSandbox()
  await started.plant({ '.github/workflows/ci.yml': null, '.github/workflows/work.yml': WORK })
  await started.as('bob').post(`${WIDGETS}/actions/workflows/work.yml/dispatches`, { ref: 'main' })
  await started.idle()
  const [run] = (await started.as('bob').get(`${WIDGETS}/actions/runs`)).json.workflow_runs
  const jobs = async () => (await started.as('bob').get(`${WIDGETS}/actions/runs/${run.id}/jobs`)).json.jobs
  const idOf = async (name: string) => (await jobs()).find((one: { name: string }) => one.name === name).id
  const dir = await mkdtemp(join(tmpdir(), 'runner-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const control = createSpeaker(`${started.sandbox.url}/_sandbox`, null)
  return { ...started, control, dir, run, jobs, idOf }
}

it('gives a job into the hands of a script, with what a runner gives to its steps', async () => {
  const { as, control, dir, run, jobs, idOf, names, sandbox } = await dispatched()
  const agent = await idOf('agent')
  const { status, json } = await control.post(`/jobs/${agent}/start`, { dir })
  expect(status).toBe(200)
  expect(json.variables).toMatchObject({
    GITHUB_JOB: 'agent',
    GITHUB_RUN_ID: String(run.id),
    RUNNER_TEMP: `${dir}/_temp`,
  })
  const step = createSpeaker(sandbox.url, json.variables.GITHUB_TOKEN)
  expect((await step.post(`${WIDGETS}/issues`, { title: 'by the run' })).json.user.login).toBe('github-actions[bot]')

  expect((await control.post(`/jobs/${agent}/complete`, { conclusion: 'success', log: 'well' })).status).toBe(204)
  expect((await step.get(WIDGETS)).status).toBe(401)
  const verify = await idOf('verify')
  await control.post(`/jobs/${verify}/start`, { dir })
  await control.post(`/jobs/${verify}/complete`, { conclusion: 'failure' })
  expect((await jobs()).map((one: { conclusion: string }) => one.conclusion)).toEqual(['success', 'failure'])
  expect((await as('bob').get(`${WIDGETS}/actions/runs/${run.id}`)).json).toMatchObject({
    status: 'completed',
    conclusion: 'failure',
  })
  expect(names().at(-1)).toBe('workflow_run.completed')
})

it('keeps the order of the jobs, and plays each once', async () => {
  const { control, dir, idOf } = await dispatched()
  const refusal = async (path: string, body: unknown) => {
    const { status, json } = await control.post(path, body)
    return `${status} ${json.message}`
  }
  const [agent, verify] = [await idOf('agent'), await idOf('verify')]
  expect(await refusal(`/jobs/${verify}/start`, { dir })).toBe('422 The jobs that it needs have not ended.')
  expect(await refusal(`/jobs/${agent}/start`, {})).toBe('422 `dir` is the full path of a folder.')
  expect(await refusal(`/jobs/1/start`, { dir })).toBe('422 There is no job 1.')
  expect(await refusal(`/jobs/${agent}/complete`, { conclusion: 'success' })).toBe(
    `422 No job ${agent} was begun here.`,
  )
  await control.post(`/jobs/${agent}/start`, { dir })
  expect(await refusal(`/jobs/${agent}/start`, { dir })).toBe('422 The job is in_progress, not queued.')
  expect(await refusal(`/jobs/${agent}/complete`, { conclusion: 'teapot' })).toMatch(
    /^422 `conclusion` is one of success/,
  )
})

it('is listed with all else that scripts may do', async () => {
  const { control } = await dispatched()
  expect((await control.get('')).json).toContain('POST /_sandbox/jobs/:id/start')
})

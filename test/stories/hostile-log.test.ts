/** Hostile words and tokens in every place that takes words, while the App logs all it can: its log reveals and obeys nothing. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { afterEach, expect, it } from 'vitest'
import { uploadArtifact } from '../../action/src/upload/results-service.ts'
import { completeJob, startJob } from '../../app/sandbox/actions/run-lifecycle.ts'
import { runnerEnvironment } from '../../app/sandbox/actions/runner-environment.ts'
import { jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import { REPORT_FILE } from '../../schemas/report-limits.ts'
import { createSandbox } from '../../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../../app/sandbox/write-sandbox-env.ts'
import { startApp } from '../../scripts/app-process.ts'
import { createClient } from '../sandbox/client.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { eventually } from './machine.ts'

const REPO = '/repos/acme/widgets'
const TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
const KEY = `sk-ant-api03-${'Zz9_'.repeat(24)}`
const FORGED = '{"level":"error","msg":"forged"}'
const SPLIT = `${TOKEN.slice(0, 12)}\u200b${TOKEN.slice(12)}`
/** Line ends of every kind, what terminals obey, what hides or reverses, tokens as they are and split, a line of the log. */
const HOSTILE = `@everyone \u001b[2J\u001b]0;title\u0007\u009b31m\u202Eevil\u202C \u2066z\u2069 ${TOKEN} ${SPLIT} ${KEY}`
const LINES = `${HOSTILE}\r\n${FORGED}\u2028${FORGED}\u2029${FORGED}\u0085${FORGED}\n\uFEFF\u{E0041}`
const CI = 'name: CI\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n'

const ROOT = join(import.meta.dirname, '..', '..')

/** A sandbox, and the App as a process of its own that logs all it can. */
const createLogged = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-log-'))
  const sandbox = await createSandbox({ keys: SEED_KEYS })
  const envFile = await writeSandboxEnv(dir, sandbox)
  const logFile = join(dir, 'app.log')
  const dataDir = join(dir, 'data')
  const env: NodeJS.Dict<string> = { ...process.env, LOG_LEVEL: 'debug', DATABASE_URL: '' }
  const start = async () => {
    const app = await startApp({ envFile, dataDir, logFile, env })
    sandbox.setWebhookUrl(`${app.url}/api/github/webhooks`)
    return app
  }
  let app = await start()
  let n = 0
  const as = createClient(sandbox)
  const commentsOn = (number: number) => {
    const issue = sandbox.state.issues.all().find((one) => one.number === number && one.repositoryId === 401)
    return sandbox.state.comments.all().filter(({ issueId }) => issueId === issue?.id)
  }
  return {
    sandbox,
    as,
    envFile,
    url: () => app.url,
    log: () => readFileSync(logFile, 'utf8'),
    issue: async (title: string): Promise<number> => (await as('alice').post(`${REPO}/issues`, { title })).json.number,
    say: (who: 'alice' | 'mallory', issue: number, body: string) =>
      as(who).post(`${REPO}/issues/${issue}/comments`, { body }),
    labelled: (issue: number, label: string) =>
      eventually(`${label} on #${issue}`, async () => {
        const { json } = await as('alice').get(`${REPO}/issues/${issue}`)
        return (json.labels as { name: string }[]).some(({ name }) => name === label) ? true : null
      }),
    ours: (issue: number) => commentsOn(issue).filter(({ body }) => body.includes('<!-- muster:record ')),
    ledger: () => sandbox.state.comments.all().filter(({ body }) => /<!-- muster:(?:ledger|part) /.test(body)),
    async agent() {
      const words = ['app/cli.ts', 'agent-key', '--agent', 'claude', '--project', 'acme/widgets', '--data', dataDir]
      const key = (await promisify(execFile)(process.execPath, ['--', ...words], { cwd: ROOT, env })).stdout.trim()
      return async (task: number, verb: string, args: object = {}): Promise<number> => {
        const headers = { authorization: `Bearer ${key}`, 'idempotency-key': `log-${(n += 1)}` }
        const body = JSON.stringify({ task, verb, args })
        return (await fetch(`${app.url}/v1/commands`, { method: 'POST', headers, body })).status
      }
    },
    async startAgain() {
      await app.stop()
      app = await start()
      await fetch(`${app.url}/v1/commands`, { method: 'POST', body: '{}' })
    },
    stop: () => app.stop(),
    async close() {
      await app.stop()
      await sandbox.close()
      await rm(dir, { recursive: true })
    },
  }
}
type Logged = Awaited<ReturnType<typeof createLogged>>

let open: Logged | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const lineOf = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029\u0085]/g, ' ')

const put = async (m: Logged, path: string, text: string, branch: string): Promise<void> => {
  const { json } = await m.as('alice').get(`${REPO}/contents/${path}?ref=${branch}`)
  const sha = json.sha === undefined ? {} : { sha: json.sha as string }
  const content = Buffer.from(text).toString('base64')
  const { status } = await m.as('alice').put(`${REPO}/contents/${path}`, { message: LINES, content, branch, ...sha })
  expect(status).toBeLessThan(300)
}

/** The run that waits on the branch is played, and uploads this as its report. */
const runWith = async (m: Logged, branch: string, report: string): Promise<void> => {
  const { world, state } = m.sandbox
  const { job, run } = await eventually('a run', async () => {
    const runs = runsOf(state).where(({ headBranch }) => headBranch === branch)
    const job = jobsOf(state).where(
      ({ status, runId }) => status === 'queued' && runs.some(({ id }) => id === runId),
    )[0]
    const run = runs.find(({ id }) => id === job?.runId)
    return job === undefined || run === undefined ? null : { job, run }
  })
  startJob(world, job.id)
  const dir = await mkdtemp(join(tmpdir(), 'runner-'))
  const { variables } = await runnerEnvironment(world, run, job, dir)
  await rm(dir, { recursive: true })
  const service = { url: variables['ACTIONS_RESULTS_URL'] ?? '', token: variables['ACTIONS_RUNTIME_TOKEN'] ?? '' }
  const zip = new Uint8Array(zipSync({ [REPORT_FILE]: strToU8(report) }))
  const name = (): string => `muster-report-test-${run.attempt}`
  await uploadArtifact(name, zip, service, { fetch, sleep: async () => {}, mask: () => {} })
  completeJob(world, job.id, { conclusion: 'success' })
}

/** A delivery with these headers, signed with this secret. */
const deliver = (m: Logged, headers: Record<string, string>, body: string, secret: string): Promise<Response> =>
  fetch(`${m.url()}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      ...headers,
    },
    body,
  })

const seen = (m: Logged, message: string, times = 1): Promise<true> =>
  eventually(`"${message}" in the log`, async () => (m.log().split(`"msg":"${message}`).length > times ? true : null))

it('no token and nothing that a terminal obeys reaches the log', { timeout: 120_000 }, async () => {
  const m = (open = await createLogged())
  const secret = m.sandbox.keys.muster.webhookSecret

  // Whoever knows the address may say anything.
  const forged = { 'x-github-delivery': TOKEN, 'x-github-event': 'issues' }
  expect((await deliver(m, forged, '{}', 'wrong')).status).toBe(401)
  expect((await deliver(m, { ...forged, 'x-github-event': HOSTILE.slice(0, 9) }, '{}', secret)).status).toBe(400)
  await seen(m, 'delivery refused: bad signature')
  // Signed, but nothing that GitHub sends: it is tried and set aside with the reason.
  const odd = JSON.stringify({ action: 'created', comment: { body: `/claim ${LINES}`, user: { login: LINES } } })
  expect((await deliver(m, { ...forged, 'x-github-event': 'issue_comment' }, odd, secret)).status).toBe(202)

  // Titles, comments, commands of every kind, and a label.
  const issue = await m.issue(lineOf(LINES).slice(0, 256))
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  await m.say('alice', issue, `/note ${LINES}\n/claim agent=${TOKEN}!\n/muster ${TOKEN}\n/depends ${lineOf(HOSTILE)}`)
  await m.say('mallory', issue, `/cancel ${LINES}`)
  await m.say('mallory', await m.issue(lineOf(HOSTILE).slice(0, 256)), `/claim ${TOKEN}`)
  await seen(m, 'commands answered in the log only')
  await m.as('alice').post(`${REPO}/issues/${issue}/labels`, { labels: [`status/${TOKEN.slice(0, 40)}`] })

  // Over HTTP, under keys that are none and one that is.
  const agent = await m.agent()
  for (const authorization of [`Bearer ${TOKEN}`, `Bearer ${KEY} ${TOKEN}`]) {
    const body = JSON.stringify({ verb: LINES, task: LINES })
    expect((await fetch(`${m.url()}/v1/commands`, { method: 'POST', headers: { authorization }, body })).status).toBe(
      401,
    )
  }
  expect(await agent(issue, 'claim')).toBe(200)
  const fence = '1.1'
  expect(await agent(issue, 'note', { text: LINES })).toBe(200)
  expect(await agent(issue, 'evidence', { command: LINES.slice(0, 400), exit: 1, fence })).toBe(200)
  expect(await agent(issue, LINES.slice(0, 40))).toBe(400)

  // A configuration that is none, and reports that are none, from a branch of the task.
  await put(m, '.github/workflows/ci.yml', CI, 'main')
  await put(m, '.github/muster.yml', `${JSON.stringify(HOSTILE)}: 1\n`, 'main')
  const { json: main } = await m.as('alice').get(`${REPO}/git/ref/heads/main`)
  const branch = 'muster/DEV-1-x'
  await m.as('alice').post(`${REPO}/git/refs`, { ref: `refs/heads/${branch}`, sha: main.object.sha })
  await put(m, 'a.txt', LINES, branch)
  await runWith(m, branch, `{"${LINES}`)
  await seen(m, 'a report was refused')
  await seen(m, 'configuration refused')
  await put(m, 'b.txt', LINES, branch)
  await runWith(m, branch, JSON.stringify({ schema: LINES, [LINES]: TOKEN, run: { job: LINES } }))
  await seen(m, 'a report was refused', 2)
  const title = lineOf(HOSTILE).slice(0, 256)
  await m.as('alice').post(`${REPO}/pulls`, { title, head: branch, base: 'main', body: `Task: DEV-1\n${LINES}` })

  // Somebody writes into what is ours.
  await eventually('a record', async () => (m.ours(issue).length > 0 ? true : null))
  for (const comment of [...m.ours(issue), ...m.ledger()]) {
    const body = comment.body.replace('{"', `{"${lineOf(HOSTILE)}":1,"`)
    await m.as('alice').patch(`${REPO}/issues/comments/${comment.id}`, { body })
  }

  // GitHub refuses a part of what is written, then a new life begins.
  m.sandbox.switches.graphqlFailEvery = 2
  expect(await agent(issue, 'fail', { class: 'tool_error', message: LINES.slice(0, 400), fence })).toBe(200)
  await seen(m, 'effect will be tried again')
  m.sandbox.switches.graphqlFailEvery = 0
  await m.labelled(issue, 'failure/tool_error')
  await m.startAgain()
  await m.stop()

  const env = readFileSync(m.envFile, 'utf8')
  const privateKey = m.sandbox.keys.muster.privateKey.split('\n')[1] ?? ''
  const recordKey = /MUSTER_RECORD_KEYS="?[\w-]+:([A-Za-z0-9+/=]{20,})/.exec(env)?.[1] ?? ''
  const secrets = [TOKEN, SPLIT, TOKEN.slice(4, 24), KEY.slice(0, 40), secret, privateKey, recordKey]
  secrets.push(...Object.values(m.sandbox.tokens))
  for (const one of secrets) expect(one.length).toBeGreaterThan(15)

  const lines = m.log().trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(7)
  for (const line of lines) {
    // Whole JSON lines of ours, and only those.
    expect(JSON.parse(line), line).toMatchObject({ level: expect.any(String), msg: expect.any(String) })
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
    // Nor as what a reader of the JSON would get.
    for (const value of Object.values(JSON.parse(line) as object)) expect(String(value)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    for (const one of secrets) expect(line).not.toContain(one)
    expect(line).not.toMatch(/gh[opsur]_[A-Za-z0-9]{16}|sk-ant-|muster_agent_|PRIVATE KEY|eyJ[A-Za-z0-9_-]{16}/)
    expect((JSON.parse(line) as { msg: string }).msg).not.toBe('forged')
  }
  // It is not that nothing was said: what was redacted stood in some of these lines.
  expect(m.log()).toContain('[redacted github-token]')
})

/** `npm run sandbox` and `npm start` as two processes: they find each other, and each stops when npm is asked to. */
import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { createAppAuth } from '@octokit/auth-app'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { npmRun, stopAll } from './npm-process.ts'

let data = ''
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'muster-pair-'))
})
afterEach(async () => {
  await stopAll()
  rmSync(data, { recursive: true, force: true })
})

const sandbox = (...flags: readonly string[]) => npmRun('sandbox', ['--json', '--port', '0', '--data', data, ...flags])
const start = (...flags: readonly string[]) => npmRun('start', ['--json', '--port', '0', '--data', data, ...flags])
const envFile = () => join(data, 'sandbox.env')

/** What GitHub has registered as the App's address. */
const hookUrl = async (): Promise<unknown> => {
  const env = parseEnv(readFileSync(envFile(), 'utf8'))
  const privateKey = (env['PRIVATE_KEY'] ?? '').replaceAll('\\n', '\n')
  const { token } = await createAppAuth({ appId: 201, privateKey })({ type: 'app' })
  const headers = { authorization: `bearer ${token}` }
  const answer = await fetch(`${env['GITHUB_API_URL']}/app/hook/config`, { headers })
  return ((await answer.json()) as { url?: string }).url
}

const asAlice = (github: string, token: string | undefined) => {
  const call = async (path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `token ${token}`, 'content-type': 'application/json' }
    const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await fetch(`${github}/repos/acme/widgets${path}`, { headers, ...post })).json()
  }
  const labels = async (issue: number) =>
    ((await call(`/issues/${issue}`)) as { labels: { name: string }[] }).labels.map(({ name }) => name)
  return { call, labels }
}

it('find each other, and what was written before the App came is answered', { timeout: 90_000 }, async () => {
  const { github, tokens } = await sandbox().ready
  expect(await hookUrl()).toBe('http://127.0.0.1:3000/api/github/webhooks')
  const { call, labels } = asAlice(github, tokens['alice'])
  await call('/issues', { title: 'A task' })
  await call('/issues/1/comments', { body: '/task' })
  await fetch(`${github}/_sandbox/deliveries/idle`, { method: 'POST' })

  const first = start('--env-file', envFile())
  const { app } = await first.ready
  expect(await hookUrl()).toBe(`${app}/api/github/webhooks`)
  await expect.poll(() => labels(1), { timeout: 20_000 }).toContain('status/backlog')
  await call('/issues/1/comments', { body: '/ready' })
  await expect.poll(() => labels(1), { timeout: 20_000 }).toContain('status/ready')
  // npm is what people and service managers send the signal to.
  expect((await first.stop('SIGTERM')).code).toBe(0)
  await expect(fetch(`${app}/healthz`)).rejects.toThrow()

  // Only the App was started again: the sandbox lives, and so does what is known of it. Nobody names the file.
  await call('/issues/1/comments', { body: '/priority p0' })
  const second = start()
  const again = await second.ready
  expect(again.app).not.toBe(app)
  await expect.poll(() => labels(1), { timeout: 20_000 }).toContain('priority/p0')
  const { err } = await second.stop()
  expect(err).toContain(`muster: APP_ID is not set: using ${envFile()}\n`)
  expect(err).not.toContain('earlier sandbox')
})

it('a new sandbox gets an App that knows nothing of the one before', { timeout: 90_000 }, async () => {
  const first = sandbox()
  await first.ready
  const one = start()
  await one.ready
  await one.stop()
  await first.stop()
  await sandbox().ready
  const verify = await npmRun('verify', ['--data', data]).ended
  expect(verify).toMatchObject({ code: 1, out: '' })
  expect(verify.err).toContain('that of an earlier sandbox: start the App there')
  const two = start()
  await two.ready
  expect((await two.stop()).err).toContain('was that of an earlier sandbox; it now lies in')
  expect((await npmRun('verify', ['--data', data]).ended).code).toBe(0)
})

it('the App says that its sandbox is not there', { timeout: 60_000 }, async () => {
  expect(await start().ended).toMatchObject({ code: 1, err: expect.stringMatching(/^muster: APP_ID is not set: put/) })
  const github = sandbox()
  await github.ready
  await github.stop()
  const { code, out, err } = await start().ended
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/muster: the sandbox at http\S+ does not answer: start it first, with npm run sandbox\n$/)
})

it('an address that is named stays', { timeout: 60_000 }, async () => {
  await sandbox('--app-url', 'http://127.0.0.1:4000').ready
  await start().ready
  expect(await hookUrl()).toBe('http://127.0.0.1:4000/api/github/webhooks')
})

it('says which page of the sandbox is which, and each is there', { timeout: 60_000 }, async () => {
  const run = npmRun('sandbox', ['--port', '0', '--data', data])
  const out = await run.says('Stop with Ctrl-C.')
  await run.stop('SIGINT')
  const pages = [...out.matchAll(/for scripts +http:\/\/127\.0\.0\.1:\d+(\S+)/g)].map(([, path]) => path)
  expect(pages).toEqual(['/_sandbox/requests', '/_sandbox/deliveries', '/_sandbox/switches'])
  const { github } = await sandbox().ready
  for (const page of pages) expect([page, (await fetch(github + page)).status]).toEqual([page, 200])
})

it('says that a port is taken, and what to do', { timeout: 60_000 }, async () => {
  await sandbox().ready
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const answers = await Promise.all([
    npmRun('start', ['--data', data, '--env-file', envFile(), '--port', String(port)]).ended,
    npmRun('dev', ['--data', join(data, 'dev'), '--port', String(port)]).ended,
  ])
  other.close()
  expect(answers.map(({ code, out }) => ({ code, out }))).toEqual(answers.map(() => ({ code: 1, out: '' })))
  expect(answers[0]?.err).toBe(
    `muster: port ${port} is taken: stop what listens there, or use --port 0 for a free one\n`,
  )
  expect(answers[1]?.err).toContain('the port is taken; stop what listens there, or use --port 0')
})

it('refuses data of GitHub itself, and GitHub refuses that of a sandbox', { timeout: 60_000 }, async () => {
  const one = sandbox()
  await one.ready
  const app = start()
  await app.ready
  await app.stop()
  const real = join(data, 'real.env')
  const lines = readFileSync(envFile(), 'utf8').split('\n')
  writeFileSync(real, lines.filter((line) => !line.startsWith('MUSTER_SANDBOX_WORLD')).join('\n'))
  const mistaken = await start('--env-file', real).ended
  expect(mistaken).toMatchObject({ code: 1, out: '' })
  expect(mistaken.err).toMatch(/^muster: The data in \S+ is a sandbox's, not GitHub's: choose another folder.*\n$/)

  const other = join(data, 'other')
  const ofGitHub = npmRun('start', ['--json', '--port', '0', '--data', other, '--env-file', real])
  await ofGitHub.ready
  await ofGitHub.stop()
  const refused = await npmRun('start', ['--port', '0', '--data', other, '--env-file', envFile()]).ended
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(
    /^muster: The data in \S+ is no sandbox's: choose another folder with --data, or move .*\n$/,
  )
})

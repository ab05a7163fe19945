/** `npm run dev`: one JSON line when both are ready, webhooks that reach the App, and a clean stop of everything. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

interface Ready {
  readonly github: string
  readonly app: string
  readonly tokens: Readonly<Record<string, string>>
  readonly repos: readonly string[]
}

const SCRIPT = join(import.meta.dirname, '../../scripts/dev.ts')
const APP = join(import.meta.dirname, '../../app/main.ts')

async function startDev(...flags: string[]) {
  const data = await mkdtemp(join(tmpdir(), 'dev-'))
  const child = spawn(process.execPath, [SCRIPT, '--json', '--port', '0', '--data', data, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(data, { recursive: true, force: true })
  })
  return { child, ended, stdout: () => stdout, stderr: () => stderr }
}

test('sandbox and App come up together, work together, and stop together', { timeout: 60_000 }, async () => {
  const dev = await startDev()
  await expect.poll(() => dev.stdout(), { timeout: 30_000 }).toContain('\n')
  const ready = JSON.parse(dev.stdout()) as Ready
  expect(Object.keys(ready)).toEqual(['github', 'app', 'tokens', 'repos'])
  expect(Object.keys(ready.tokens)).toEqual(
    expect.arrayContaining(['alice', 'bob', 'carol', 'dave', 'mallory', 'claude']),
  )
  expect(ready.repos).toEqual(['acme/widgets', 'acme/secret', 'acme/.github'])

  const repository = `${ready.github}/repos/acme/widgets`
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `token ${ready.tokens['alice']}`, 'content-type': 'application/json' }
    const response = await fetch(repository + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return (await response.json()) as { number: number; labels: readonly { name: string }[] }
  }
  const { number } = await ask('POST', '/issues', { title: 'A task' })
  await ask('POST', `/issues/${number}/comments`, { body: '/task' })
  const labels = async () => (await ask('GET', `/issues/${number}`)).labels.map(({ name }) => name)
  await expect.poll(labels, { timeout: 20_000 }).toContain('status/backlog')

  dev.child.kill('SIGTERM')
  expect(await dev.ended, dev.stderr()).toBe(0)
  expect(dev.stdout().trimEnd().split('\n')).toHaveLength(1)
  await expect(fetch(ready.app)).rejects.toThrow('fetch failed')
  await expect(fetch(ready.github)).rejects.toThrow('fetch failed')
})

test('a flag that is wrong ends it with one clear line', async () => {
  const dev = await startDev('--seed', 'x')
  expect(await dev.ended).toBe(1)
  expect(dev.stderr()).toContain('--seed takes a whole number')
  expect(dev.stdout()).toBe('')
})

test(
  'the sandbox outlives its App: another one takes its place, at the same address',
  { timeout: 90_000 },
  async () => {
    const dev = await startDev()
    await expect.poll(() => dev.stdout(), { timeout: 30_000 }).toContain('\n')
    const { github, app, tokens } = JSON.parse(dev.stdout()) as Ready
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { authorization: `token ${tokens['alice']}`, 'content-type': 'application/json' }
      const url = `${github}/repos/acme/widgets${path}`
      const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      return (await response.json()) as { number: number; labels: readonly { name: string }[] }
    }
    const { number } = await ask('POST', '/issues', { title: 'A task' })

    const [child] = execFileSync('pgrep', ['-P', String(dev.child.pid)], { encoding: 'utf8' }).split('\n')
    process.kill(Number(child), 'SIGKILL')
    await expect
      .poll(() => dev.stderr(), { timeout: 10_000 })
      .toMatch(/^The App ended with SIGKILL; .*: npm start -- .*\n$/)
    // Said while nobody listened, so it has to be asked for again.
    await ask('POST', `/issues/${number}/comments`, { body: '/task' })

    const flags = / npm start -- (.*)\n$/.exec(dev.stderr())?.[1]?.split(' ') ?? []
    const next = spawn(process.execPath, [APP, '--json', ...flags], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void next.kill('SIGKILL'))
    const line = await new Promise<string>((resolve) => next.stdout.once('data', (chunk) => resolve(String(chunk))))
    expect(JSON.parse(line)).toEqual({ app, github })
    const labels = async () => (await ask('GET', `/issues/${number}`)).labels.map(({ name }) => name)
    await expect.poll(labels, { timeout: 30_000 }).toContain('status/backlog')

    dev.child.kill('SIGTERM')
    expect(await dev.ended, dev.stderr()).toBe(0)
  },
)

/** `npm run dev` as people start, stop and repeat it in one folder. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { npmRun, stopAll } from './npm-process.ts'

const ROOT = join(import.meta.dirname, '..', '..')

let base = ''
let data = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'muster-dev-'))
  data = join(base, 'data')
})
afterEach(async () => {
  await stopAll()
  rmSync(base, { recursive: true, force: true })
})

const dev = (env = {}) => npmRun('dev', ['--json', '--port', '0', '--data', data], env)
const sandboxEnv = () => readFileSync(join(data, 'sandbox.env'), 'utf8')
const agentKey = (env = {}) =>
  npmRun('agent-key', ['--agent', 'claude', '--project', 'acme/widgets', '--data', data], env).ended
const show = async (app: string, key: string): Promise<number> => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'show' }
  const answer = await fetch(`${app}/v1/commands`, { method: 'POST', headers, body: '{"verb":"show","task":1}' })
  await answer.text()
  return answer.status
}
const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  )

it(
  'starts a new GitHub with an empty App; an agent key needs nothing but the folder',
  { timeout: 60_000 },
  async () => {
    // A shell's own database and App are not the sandbox's.
    const shell = { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:9/mine', APP_ID: '', MUSTER_PUBLIC_URL: 'nonsense' }
    const first = dev({ ...shell, APP_ID: '7', PRIVATE_KEY: 'x' })
    const { app } = await first.ready
    const made = await agentKey()
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^muster_agent_[\w-]{43}\n$/),
      err: `muster: APP_ID is not set: using ${join(data, 'sandbox.env')}\n`,
    })
    // The App knows the key, and no task yet.
    expect(await show(app, made.out.trim())).toBe(404)
    const doubtful = await agentKey(shell)
    expect(doubtful).toMatchObject({ code: 1, out: '' })
    expect(doubtful.err).toMatch(/^muster: DATABASE_URL is set, but .* add --env-file .*sandbox.env.*\n$/)
    expect(await first.stop()).toMatchObject({ code: 0, err: '' })

    const second = dev()
    const next = await second.ready
    expect(await show(next.app, made.out.trim())).toBe(401)
    expect(existsSync(join(data, 'earlier', 'muster.db'))).toBe(true)
    const { err } = await second.stop()
    expect(err).toMatch(
      /^npm run dev: the data in \S+ was that of an earlier sandbox; it now lies in \S+\/earlier, .*\n$/,
    )
  },
)

it('leaves one that runs in the same folder alone', { timeout: 60_000 }, async () => {
  const first = dev()
  const { app } = await first.ready
  const before = sandboxEnv()
  const { code, out, err } = await dev().ended
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe(`npm run dev did not start: Another App works on ${data}: stop it, or choose another --data.\n`)
  expect(sandboxEnv()).toBe(before)
  expect(existsSync(join(data, 'earlier'))).toBe(false)
  expect((await agentKey()).code).toBe(0)
  expect(await answers(`${app}/healthz`)).toBe(true)
})

it('takes the App with it, even when it is killed', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['scripts/dev.ts', '--json', '--port', '0', '--data', data], { cwd: ROOT })
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))))
  const { app } = JSON.parse(line) as { app: string }
  expect(await answers(`${app}/healthz`)).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => answers(`${app}/healthz`), { timeout: 15_000 }).toBe(false)
})

it.each(['dev', 'sandbox', 'start'])(
  'npm run %s says what is wrong with a folder, and ends',
  { timeout: 60_000 },
  async (script) => {
    const file = join(base, 'file')
    writeFileSync(file, '')
    const credentials = join(base, 'app.env')
    if (script === 'start') {
      const sandbox = npmRun('sandbox', ['--json', '--port', '0', '--data', base])
      await sandbox.ready
      writeFileSync(credentials, readFileSync(join(base, 'sandbox.env')))
    }
    const flags = script === 'start' ? ['--env-file', credentials] : []
    // Nothing can be made in /proc, though it is a folder.
    for (const folder of [file, '/proc/none']) {
      const { code, out, err } = await npmRun(script, [...flags, '--port', '0', '--data', folder]).ended
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err.split('\n')[0]).toMatch(new RegExp(`${folder}.*--data`))
    }
  },
)

it('keeps its files to their owner, in a folder that others may read', { timeout: 60_000 }, async () => {
  data = join(base, 'open')
  mkdirSync(data, { mode: 0o755 })
  await dev().ready
  for (const file of ['muster.db', 'muster.db-wal', 'muster.db-shm', 'sandbox.env', 'app.log']) {
    expect([file, statSync(join(data, file)).mode & 0o777]).toEqual([file, 0o600])
  }
})

it('says what the App says when it cannot start', { timeout: 60_000 }, async () => {
  mkdirSync(data)
  writeFileSync(join(data, 'muster.db'), 'no database')
  expect(await dev().ended).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^npm run dev did not start: .*muster\.db is not an intact database: .*\n$/),
  })
})

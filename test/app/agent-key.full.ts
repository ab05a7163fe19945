/** Agent keys as people use them: made and revoked on the command line while the App runs, and used at once over HTTP. */
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { SQLITE_FILE } from '../../app/store/open-store.ts'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const base = mkdtempSync(join(tmpdir(), 'muster-agent-key-'))
const data = join(base, 'data')
const dev = spawn(process.execPath, ['scripts/dev.ts', '--json', '--port', '0', '--data', data], { cwd: ROOT })
afterAll(async () => {
  const ended = new Promise((resolve) => dev.once('exit', resolve))
  dev.kill('SIGTERM')
  await ended
  rmSync(base, { recursive: true, force: true })
})

const runWith = (
  env: NodeJS.Dict<string>,
  ...flags: readonly string[]
): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--', 'app/cli.ts', 'agent-key', ...flags],
      { cwd: ROOT, env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
const run = (...flags: readonly string[]) => runWith({}, ...flags)

const ready = new Promise<{ github: string; app: string; tokens: Record<string, string> }>((resolve, reject) => {
  let text = ''
  dev.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (text.includes('\n')) resolve(JSON.parse(text))
  })
  dev.once('exit', (code) => reject(new Error(`npm run dev ended with ${code}`)))
})

const WIDGETS = ['--project', 'acme/widgets', '--data', data]
const CREDENTIALS = ['--env-file', join(data, 'sandbox.env')]
const USING = `muster: APP_ID is not set: using ${join(data, 'sandbox.env')}\n`
/** Another App's, so that what the sandbox wrote into the folder does not count. */
const OTHER_APP = { APP_ID: '7' }

interface Answer {
  readonly ok: boolean
  readonly error?: { readonly code: string; readonly next: string }
  readonly task?: { readonly status: string }
  readonly lease?: { readonly fence: string } | null
}

it('a key opens the door at once, until it is revoked, all while the App runs', { timeout: 60_000 }, async () => {
  const { github, app, tokens } = await ready
  let n = 0
  const ask = async (key: string, verb: string, args: object = {}): Promise<{ status: number; json: Answer }> => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': `k${(n += 1)}`,
    }
    const body = JSON.stringify({ verb, task: 1, args })
    const answer = await fetch(`${app}/v1/commands`, { method: 'POST', headers, body })
    return { status: answer.status, json: (await answer.json()) as Answer }
  }
  const made = async (agent: string, ...more: readonly string[]): Promise<string> => {
    const { code, out, err } = await run('--agent', agent, ...WIDGETS, ...more)
    expect({ code, err }).toEqual({ code: 0, err: more.length === 0 ? USING : '' })
    expect(out).toMatch(/^muster_agent_[\w-]{43}\n$/)
    return out.trim()
  }

  // Before anything is known of the repository, only GitHub can say which one it is.
  const early = await runWith(OTHER_APP, '--agent', 'claude', ...WIDGETS)
  expect({ code: early.code, out: early.out }).toEqual({ code: 1, out: '' })
  expect(early.err).toMatch(/^muster: nothing is known of acme\/widgets here: .*\/task.*--env-file.*\n$/)
  const first = await made('claude', ...CREDENTIALS)
  expect(await ask(first, 'show')).toMatchObject({
    status: 404,
    json: { error: { code: 'unknown-project', next: expect.stringContaining('/task') } },
  })

  const say = (path: string, body: object) =>
    fetch(`${github}/repos/acme/widgets${path}`, {
      method: 'POST',
      headers: { authorization: `token ${tokens['alice']}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await say('/issues', { title: 'A task' })
  await say('/issues/1/comments', { body: '/task\n/ready' })
  await expect.poll(async () => (await ask(first, 'show')).json.task?.status, { timeout: 20_000 }).toBe('ready')

  const [second, other] = await Promise.all([made('claude'), made('codex')])
  const { json } = await ask(second, 'claim')
  const fence = json.lease?.fence
  expect(fence).toBe('1.1')
  expect((await ask(other, 'claim')).json.error?.code).toBe('already-claimed')
  expect((await ask(second, 'heartbeat', { fence })).status).toBe(200)
  expect((await ask(second, 'brief')).status).toBe(200)
  expect((await ask(second, 'start', { fence })).json.task?.status).toBe('in_progress')
  expect((await ask(second, 'succeed', { fence })).json.task?.status).toBe('review')

  const revoked = await run('--agent', 'claude', ...WIDGETS, '--revoke')
  expect(revoked).toEqual({ code: 0, out: '2 keys of claude revoked.\n', err: USING })
  for (const key of [first, second]) {
    expect(await ask(key, 'show')).toMatchObject({
      status: 401,
      json: { error: { code: 'bad-key', next: expect.stringContaining('npm run -s agent-key') } },
    })
  }
  expect((await ask(other, 'show')).status).toBe(200)
  expect((await ask(await made('claude'), 'show')).status).toBe(200)

  const again = await run('--agent', 'claud', ...WIDGETS, '--revoke')
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toBe(
    `${USING}muster: claud has no key for acme/widgets, so nothing was revoked: check the agent's id.\n`,
  )
})

it('what is wrong is said in one line, with what to do', { timeout: 60_000 }, async () => {
  await ready
  const busy = join(base, 'busy')
  const locked = join(base, 'busy', SQLITE_FILE)
  mkdirSync(busy)
  await (await createSqliteStore({ path: locked, clock: { now: () => 0 } })).close()
  const holder = new DatabaseSync(locked)
  holder.exec('begin immediate')
  const answers = await Promise.all([
    run('--agent', 'claude', '--project', 'acme/nowhere', '--data', data, ...CREDENTIALS),
    runWith(OTHER_APP, '--agent', 'claude', '--project', 'acme/nowhere', '--data', data),
    run('--agent', 'claude', '--project', 'widgets', '--data', data),
    run('--agent', 'two words', ...WIDGETS),
    run('--data', data),
    run('--agent', 'claude', '--project', 'acme/widgets', '--data', join(base, 'none')),
    run('--agent', 'claude', '--project', 'acme/widgets', '--data', busy),
  ])
  holder.close()
  expect(answers.map(({ code, out }) => ({ code, out }))).toEqual(answers.map(() => ({ code: 1, out: '' })))
  const usage = 'muster: Say for whom and where: npm run -s agent-key -- --agent claude --project owner/repo\n'
  expect(answers.map(({ err }) => err.replaceAll(base, 'BASE'))).toEqual([
    'muster: the App is not installed on acme/nowhere: check the name, or install it there first\n',
    expect.stringMatching(/^muster: nothing is known of acme\/nowhere here: check the name, [^\n]*\n$/),
    USING.replace(base, 'BASE') + usage,
    USING.replace(base, 'BASE') + usage,
    USING.replace(base, 'BASE') + usage,
    "muster: there is no database at BASE/none/muster.db: name the App's folder with --data, or start the App there first\n",
    'muster: The database stayed locked by other writers; the call may be repeated.\n',
  ])
})

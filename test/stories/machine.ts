/** A sandbox here, and Muster as a newcomer has it: an App process that can be killed, and the npm scripts, each a process of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { createSandbox, type SandboxOptions } from '../../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../../app/sandbox/write-sandbox-env.ts'
import { createClient, type Who } from '../sandbox/client.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const REPO = '/repos/acme/widgets'
const PATIENCE_MS = 30_000
/** Of the first issue when it is called "Sum is wrong". */
const BRANCH = 'muster/DEV-1-sum-is-wrong'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Tries until it gives something, and says what was waited for in vain. */
export const eventually = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const seen = await look()
    if (seen !== null) return seen
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`)
  }
}

/** Between Muster and GitHub: can be cut. */
const createWire = async (to: number) => {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    near.pipe(far).pipe(near)
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      return () => listen(port)
    },
  }
}

export const createMachine = async (options: SandboxOptions = {}) => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-machine-'))
  const data = join(dir, 'data')
  const sandbox = await createSandbox({ keys: SEED_KEYS, ...options })
  const github = await createWire(Number(new URL(sandbox.url).port))
  const envFile = await writeSandboxEnv(dir, { ...sandbox, url: github.url })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  sandbox.setWebhookUrl(`${url}/api/github/webhooks`)
  const as = createClient(sandbox)
  const env: NodeJS.Dict<string> = {
    ...process.env,
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node-compile'),
    LOG_LEVEL: process.env['STORY_LOG'] === undefined ? 'warn' : 'debug',
    DATABASE_URL: '',
  }
  const where = ['--env-file', envFile, '--data', data]
  let child: ChildProcess | null = null
  let log = ''
  let n = 0

  const start = async (): Promise<void> => {
    const args = ['app/main.ts', ...where, '--port', String(port), '--json']
    const started = spawn(process.execPath, args, {
      cwd: ROOT,
      env: env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    await new Promise<void>((resolve, reject) => {
      started.stdout.once('data', () => resolve())
      started.once('exit', (code, signal) => reject(new Error(`the App ended with ${signal ?? code}: ${log}`)))
    })
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    child = null
    if (running === null || running.exitCode !== null) return
    await new Promise<void>((resolve) => {
      running.once('exit', () => resolve())
      running.kill(signal)
    })
  }

  /** A command of app/cli.ts as its npm script runs it. */
  const muster = (command: string, ...words: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const args = ['app/cli.ts', command, ...words, ...where]
      execFile(process.execPath, args, { cwd: ROOT, env: env, maxBuffer: 1 << 24 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
      )
    })

  const must = async (command: string, ...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await muster(command, ...words)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${err}${out}`)
    return out
  }

  const issueId = (number: number): number | undefined =>
    sandbox.state.issues.all().find((issue) => issue.number === number && issue.repositoryId === 401)?.id
  const commentsOn = (number: number) =>
    sandbox.state.comments.all().filter((comment) => comment.issueId === issueId(number))

  const checks = (): readonly string[] =>
    checkRunsOf(sandbox.state)
      .all()
      .filter(({ appId }) => appId === sandbox.seed.muster.id)
      .map(({ name, headSha, conclusion }) => `${name} @ ${headSha.slice(0, 7)} → ${conclusion ?? 'running'}`)
      .sort()

  return {
    sandbox,
    as,
    data,
    url,
    start,
    muster,
    must,
    /** The App answers commands only once it has caught up with GitHub. */
    caughtUp: async (): Promise<void> => {
      await fetch(`${url}/v1/commands`, { method: 'POST', body: '{}' })
    },
    log: () => log,
    /** GitHub cannot be reached any more; the answer brings it back. */
    goAway: () => github.cut(),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    lose: () => rmSync(data, { recursive: true, force: true }),
    issue: async (title: string): Promise<number> => (await as('alice').post(`${REPO}/issues`, { title })).json.number,
    say: async (who: Who, issue: number, body: string): Promise<number> =>
      (await as(who).post(`${REPO}/issues/${issue}/comments`, { body })).json.id,
    labelled: (issue: number, label: string) =>
      eventually(`${label} on #${issue}`, async () => {
        const { json } = await as('alice').get(`${REPO}/issues/${issue}`)
        return (json.labels as { name: string }[]).some(({ name }) => name === label) ? true : null
      }),
    /** `POST /v1/commands` with a key from `npm run -s agent-key`. */
    async agent() {
      const key = (await must('agent-key', '--agent', 'claude', '--project', 'acme/widgets')).trim()
      return async (task: number, verb: string, args: object = {}): Promise<{ status: number; json: never }> => {
        const answer = await fetch(`${url}/v1/commands`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'idempotency-key': `machine-${(n += 1)}` },
          body: JSON.stringify({ task, verb, args }),
        })
        return { status: answer.status, json: (await answer.json()) as never }
      }
    },
    /** The agent commits to the task's branch. */
    async push(content: string): Promise<void> {
      const claude = as('claude')
      const { json: main } = await claude.get(`${REPO}/git/ref/heads/main`)
      await claude.post(`${REPO}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: main.object.sha })
      const { json: file } = await claude.get(`${REPO}/contents/sum.js?ref=${BRANCH}`)
      const body = { message: 'Work', content: Buffer.from(content).toString('base64'), branch: BRANCH }
      const sha = file.sha === undefined ? {} : { sha: file.sha as string }
      const { status } = await claude.put(`${REPO}/contents/sum.js`, { ...body, ...sha })
      if (status >= 300) throw new Error(`push: ${status}`)
    },
    pull: (): Promise<unknown> =>
      as('claude').post(`${REPO}/pulls`, { title: 'Add right', body: 'Closes #1', head: BRANCH, base: 'main' }),
    /** Check runs of ours whose name holds this, as soon as there is one. */
    checked: (name: string) =>
      eventually(`a check ${name}`, async () => {
        const found = checks().filter((check) => check.includes(name))
        return found.length === 0 ? null : found
      }),
    /** The project's and every task's state, as `npm run -s dump` prints them. */
    async dump(): Promise<{
      readonly text: string
      readonly sha: string
      readonly project: never
      readonly tasks: never
    }> {
      const text = await must('dump')
      const { projects, tasks } = JSON.parse(text) as { projects: object; tasks: object }
      return { text, sha: sha256(text), project: Object.values(projects)[0] as never, tasks: tasks as never }
    },
    records: (issue: number) => commentsOn(issue).filter(({ body }) => body.includes('<!-- muster:record ')),
    commentsOn,
    ledger: () => sandbox.state.comments.all().filter(({ body }) => /<!-- muster:(?:ledger|part) /.test(body)),
    checks,
    async close() {
      await end('SIGTERM')
      github.cut()
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type Machine = Awaited<ReturnType<typeof createMachine>>

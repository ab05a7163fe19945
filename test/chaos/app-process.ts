/** The App as a process of its own that is started again whenever it dies, on the same port and the same data. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

export interface AppProcess {
  readonly url: string
  /** Times it was killed by its own hand. */
  readonly deaths: () => number
  readonly counts: () => { readonly commit: number; readonly request: number }
  stop(): Promise<void>
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

export const startApp = async (options: {
  readonly envFile: string
  readonly data: string
  /** `commit:12:before`, or null: never. Only the first life dies. */
  readonly dieAt: string | null
}): Promise<AppProcess> => {
  const port = await freePort()
  const countsFile = join(options.data, 'counts.json')
  let deaths = 0
  let stopping = false
  let child: ChildProcess | null = null

  const start = (dieAt: string | null): Promise<void> =>
    new Promise((resolve, reject) => {
      const args = [
        'app/main.ts',
        '--env-file',
        options.envFile,
        '--data',
        options.data,
        '--port',
        String(port),
        '--json',
      ]
      const preload = ['--import', join(import.meta.dirname, 'die-at.ts')]
      const started = spawn(process.execPath, [...(dieAt === null ? [] : preload), ...args], {
        cwd: ROOT,
        env: {
          ...process.env,
          NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node-compile'),
          LOG_LEVEL: 'error',
          MUSTER_DIE_AT: dieAt ?? '',
          MUSTER_DIE_COUNTS: countsFile,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      let errors = ''
      started.stderr.on('data', (chunk: Buffer) => {
        errors = `${errors}${chunk.toString()}`.slice(-4000)
      })
      started.stdout.on('data', () => resolve())
      started.on('exit', (code, signal) => {
        if (stopping) return resolve()
        if (signal !== 'SIGKILL') return reject(new Error(`the App ended with ${code}: ${errors}`))
        deaths += 1
        start(null).then(resolve, reject)
      })
    })

  await start(options.dieAt)
  return {
    url: `http://127.0.0.1:${port}`,
    deaths: () => deaths,
    counts: () => JSON.parse(readFileSync(countsFile, 'utf8')) as { commit: number; request: number },
    async stop() {
      stopping = true
      const running = child
      if (running === null || running.exitCode !== null) return
      await new Promise<void>((resolve) => {
        running.once('exit', () => resolve())
        running.kill('SIGTERM')
        setTimeout(() => running.kill('SIGKILL'), 5000).unref()
      })
    },
  }
}

/** An npm script as people and scripts run it: a process that is spoken to by signals, flags and its environment alone. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface NpmProcess {
  /** The one JSON line that says it is ready. Rejects when it ends before. */
  readonly ready: Promise<{
    readonly github: string
    readonly app: string
    readonly tokens: Readonly<Record<string, string>>
  }>
  readonly ended: Promise<Ended>
  /** Resolves with its standard output once that has these words, or has ended. */
  says(words: string): Promise<string>
  /** The signal goes to npm. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

const running = new Set<NpmProcess>()

/** For afterEach: nothing outlives its test. */
export const stopAll = async (): Promise<void> => {
  await Promise.all([...running].map((one) => one.stop()))
}

export const npmRun = (
  script: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): NpmProcess => {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('npm', ['run', '-s', script, '--', ...flags], { cwd: ROOT, env: { PATH, HOME, ...env } })
  let out = ''
  let err = ''
  const ended = new Promise<Ended>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.once('close', (code) => {
      running.delete(one)
      resolve({ code, out, err })
    })
  })
  const ready = new Promise<Awaited<NpmProcess['ready']>>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.startsWith('{') && out.includes('\n')) resolve(JSON.parse(out))
    })
    void ended.then(({ code }) => reject(new Error(`npm run ${script} ended with ${code}: ${err}`)))
  })
  // Whoever waits for it gets the reason.
  ready.catch(() => {})
  const one: NpmProcess = {
    ready,
    ended,
    says: (words) =>
      new Promise((resolve) => {
        const look = () => out.includes(words) && resolve(out)
        child.stdout.on('data', look)
        void ended.then(() => resolve(out))
        look()
      }),
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
  running.add(one)
  return one
}

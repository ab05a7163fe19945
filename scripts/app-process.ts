/** The App as a process of its own, as `npm start` runs it: started on a free port, ready when it says so, stopped with SIGTERM. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = join(import.meta.dirname, '../app/main.ts')
const START_MS = 30_000
const STOP_MS = 10_000
/** How `npm start` begins the one line that says why it did not start; all else in its log is JSON. */
const FOR_PEOPLE = 'muster: '
const LAST_WORDS = 2000

export interface AppProcess {
  /** `http://127.0.0.1:…`. */
  readonly url: string
  /** Resolves with a sentence when the process has ended, asked to or not. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

export interface AppProcessOptions {
  readonly envFile: string
  readonly dataDir: string
  /** What the App logs goes here, and nowhere else. Its folder is there. */
  readonly logFile: string
  readonly port?: number
  /** The App's whole environment. */
  readonly env: NodeJS.ProcessEnv
}

export async function startApp(options: AppProcessOptions): Promise<AppProcess> {
  const { envFile, dataDir, logFile, port = 0, env } = options
  const args = [MAIN, '--env-file', envFile, '--port', String(port), '--json', '--data', dataDir]
  // The channel is for its end alone: the App stops when we are gone, however we went.
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  child.stderr?.pipe(createWriteStream(logFile, { flags: 'a', mode: 0o600 }))
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`))
  })
  const url = await firstLine(child, whyNotReady(child, ended, logFile), logFile)
  return {
    url,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(hard)
    },
  }
}

/** Resolves when a process that was to become ready has ended: with its own words, when it left any for people. */
async function whyNotReady(child: ChildProcess, ended: Promise<string>, logFile: string): Promise<string> {
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-LAST_WORDS)
  })
  const told = new Promise((resolve) => child.stderr?.once('close', resolve))
  const how = await ended
  await told
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  return line.startsWith(FOR_PEOPLE)
    ? line.slice(FOR_PEOPLE.length)
    : `The App ${how} before it was ready; see ${logFile}`
}

/** The address in the one JSON line that the App prints when it is ready. */
async function firstLine(child: ChildProcess, failed: Promise<string>, logFile: string): Promise<string> {
  if (child.stdout === null) throw new Error('the App has no stdout')
  const lines = createInterface({ input: child.stdout })
  const ready = new Promise<string>((resolve, reject) => {
    lines.once('line', (line) => {
      try {
        resolve((JSON.parse(line) as { app: string }).app)
      } catch {
        reject(new Error(`The App's first line is not JSON: ${line.slice(0, 200)}`))
      }
    })
    setTimeout(
      () => reject(new Error(`The App was not ready after ${START_MS / 1000} s; see ${logFile}`)),
      START_MS,
    ).unref()
    void failed.then((why) => reject(new Error(why)))
  })
  // Whoever waits for `url` gets the reason; this only keeps a late one from being an unhandled rejection.
  ready.catch(() => child.kill('SIGKILL'))
  return ready
}

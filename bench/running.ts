/** The processes of a bench: one that runs until it is told to stop, and one that does its work and prints it. Both end with the bench. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { watched } from './clean-up.ts'

const END_WITH_BENCH = join(import.meta.dirname, 'end-with-bench.ts')

export interface Running {
  readonly line: Readonly<Record<string, unknown>>
  readonly pid: number
  /** Sends a message, and resolves with the next one that comes back. */
  ask(message: object): Promise<unknown>
  stop(): Promise<void>
}

const start = (args: readonly string[], env: NodeJS.Dict<string>, stderr: 'inherit' | 'pipe') =>
  watched(
    spawn(process.execPath, ['--import', END_WITH_BENCH, ...args], {
      env: { ...env },
      stdio: ['ignore', 'pipe', stderr, 'ipc'],
    }),
  )

/** Resolves with the first line, JSON, when the process is ready. */
export const run = (args: readonly string[], env: NodeJS.Dict<string> = process.env): Promise<Running> =>
  new Promise((resolve, reject) => {
    const child = start(args, env, 'inherit')
    const ended = new Promise<void>((over) => void child.once('exit', () => over()))
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${args[0]} ended before it was ready`)))
    if (child.stdout === null) throw new TypeError('its standard output is a pipe')
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve({
        line: JSON.parse(line) as Readonly<Record<string, unknown>>,
        pid: child.pid ?? 0,
        ask: (message) =>
          new Promise((answer, fail) => {
            const over = () => fail(new Error(`${args[0]} ended without an answer`))
            child.once('exit', over)
            child.once('message', (said) => {
              child.off('exit', over)
              answer(said)
            })
            child.send(message)
          }),
        stop: () => {
          child.kill('SIGTERM')
          return ended
        },
      })
    })
  })

/** All that the process printed, when it has ended well. What it says on the side is shown only when it has not. */
export const outputOf = async (args: readonly string[], env: NodeJS.Dict<string> = process.env): Promise<string> => {
  const child = start(args, env, 'pipe')
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (child.stdout === null || child.stderr === null) throw new TypeError('both of its outputs are pipes')
  const [printed, said, how] = await Promise.all([text(child.stdout), text(child.stderr), code])
  if (how !== 0) throw new Error(`${args[0]} ended with ${String(how)}\n${said}`)
  return printed
}

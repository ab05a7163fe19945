/** A process that says one JSON line when it is ready and runs until it is told to stop. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Running {
  readonly line: Readonly<Record<string, unknown>>
  readonly pid: number
  stop(): Promise<void>
}

export const run = (args: readonly string[], env: NodeJS.Dict<string> = process.env): Promise<Running> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<void>((over) => void child.once('exit', () => over()))
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${args[0]} ended before it was ready`)))
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve({
        line: JSON.parse(line) as Readonly<Record<string, unknown>>,
        pid: child.pid ?? 0,
        stop: () => {
          child.kill('SIGTERM')
          return ended
        },
      })
    })
  })

/** Starts a command, waits for its first line on standard output, and looks at what it cost. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { watched } from './clean-up.ts'

/** For what a process still does for its next start: the App writes the code that it compiled. */
const SETTLE_MS = 500

export interface Started {
  /** From spawn to the first line. */
  readonly startMs: number
  /** Peak resident memory at that moment. */
  readonly peakMb: number
  readonly line: string
}

export const startProcess = (args: readonly string[], env: NodeJS.Dict<string>): Promise<Started> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const child = watched(spawn(process.execPath, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] }))
    let text = ''
    child.on('error', reject)
    child.on('exit', (code) => {
      if (text === '') reject(new Error(`${args[0]} ended with ${code} before it said anything`))
    })
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (!text.includes('\n')) return
      const startMs = performance.now() - started
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      setTimeout(() => child.kill('SIGTERM'), SETTLE_MS)
      child.on('exit', () => resolve({ startMs, peakMb: Number(peak ?? 0) / 1024, line: text.split('\n', 1)[0] ?? '' }))
    })
  })

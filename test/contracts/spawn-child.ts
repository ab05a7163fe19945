/** Starts store-child.ts and collects the lines in which it says what the store has acknowledged. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StorePlace } from './store-harness.ts'

const CHILD = fileURLToPath(new URL('store-child.ts', import.meta.url))

export interface Child {
  /** So far. */
  readonly lines: readonly string[]
  /** Resolves when there are this many lines; rejects when the process ends before. */
  reach(count: number): Promise<void>
  kill(): void
  /** The exit code, null after a kill; all lines have arrived. */
  readonly ended: Promise<number | null>
}

export const spawnChild = (place: StorePlace, what: string, name: string, count = 0): Child => {
  const process_ = spawn(process.execPath, [CHILD, JSON.stringify(place), what, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const reader = createInterface({ input: process_.stdout })
  reader.on('line', (line) => lines.push(line))
  const ended = Promise.all([once(process_, 'exit'), once(reader, 'close')]).then(([[code]]) => code as number | null)
  return {
    lines,
    ended,
    kill: () => void process_.kill('SIGKILL'),
    reach: async (wanted) => {
      while (lines.length < wanted) {
        const end = await Promise.race([once(reader, 'line'), ended.then((code) => ({ code }))])
        if ('code' in end && lines.length < wanted) throw new Error(`the child ended early with ${end.code}`)
      }
    },
  }
}

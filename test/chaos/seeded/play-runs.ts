/** Plays seeded runs in processes of their own, because they replace the clocks of theirs. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What the process printed; empty when every run ended as it should. */
export const playRuns = (seed: number, runs: number): Promise<string> =>
  new Promise((resolve) => {
    const main = join(import.meta.dirname, 'main.ts')
    const args = [main, '--seed', String(seed), '--runs', String(runs)]
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, out, err) => {
      console.log(out.trim().split('\n').at(-1))
      resolve(error === null ? '' : `${out}${err}`)
    })
  })

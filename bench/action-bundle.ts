/** Size of the Action's bundle and how long it takes to start, against Node running an empty file. */
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, removeFolder } from './clean-up.ts'
import { against, count, median, type Figures } from './figures.ts'

const RUNS = 9
const DIST = join(import.meta.dirname, '..', 'action', 'dist')

export const actionBundle = (): Promise<Figures> => {
  const dir = makeFolder()
  const empty = join(dir, 'empty.mjs')
  writeFileSync(empty, '')
  const once = (file: string): number => {
    const started = performance.now()
    // Outside a runner it says what is missing and ends: start and end are all that is timed.
    spawnSync(process.execPath, [file], { cwd: dir, env: { PATH: process.env['PATH'] }, stdio: 'ignore' })
    return performance.now() - started
  }
  const bundle: number[] = []
  const reference: number[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    const [a, b] = [once(join(DIST, 'index.js')), once(empty)]
    if (run > 0) {
      bundle.push(a)
      reference.push(b)
    }
  }
  removeFolder(dir)
  const bytes = readdirSync(DIST).reduce((sum, name) => sum + statSync(join(DIST, name)).size, 0)
  return Promise.resolve({
    'action-size': count(bytes / 1024, 'KB'),
    'action-start': against(median(bundle), median(reference), 'ms'),
  })
}

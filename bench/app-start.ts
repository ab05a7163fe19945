/** Start time and memory of the App until it listens, against an empty Hono server on the same Node. */
import { join } from 'node:path'
import { createSandbox } from '../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../app/sandbox/write-sandbox-env.ts'
import { inFolder } from './clean-up.ts'
import { against, median, type Figures } from './figures.ts'
import { startProcess, type Started } from './whole-process.ts'

const RUNS = 7
const ROOT = join(import.meta.dirname, '..')

export const appStart = (): Promise<Figures> => inFolder(startIn)

const startIn = async (dir: string): Promise<Figures> => {
  const sandbox = await createSandbox()
  const envFile = await writeSandboxEnv(dir, sandbox)
  const empty = join(ROOT, 'bench', 'empty-server.ts')
  const env: NodeJS.Dict<string> = { ...process.env, NODE_COMPILE_CACHE: join(dir, 'cache'), LOG_LEVEL: 'silent' }
  const runs = { app: [] as Started[], empty: [] as Started[] }
  for (let run = 0; run <= RUNS; run += 1) {
    const data = join(dir, `data-${run}`)
    const app = await startProcess(
      [join(ROOT, 'app/main.ts'), '--env-file', envFile, '--data', data, '--port', '0', '--json'],
      env,
    )
    const reference = await startProcess([empty], env)
    // The first round fills the compile cache.
    if (run > 0) {
      runs.app.push(app)
      runs.empty.push(reference)
    }
  }
  await sandbox.close()
  const of = (all: readonly Started[], what: 'startMs' | 'peakMb') => median(all.map((one) => one[what]))
  return {
    'app-start': against(of(runs.app, 'startMs'), of(runs.empty, 'startMs'), 'ms'),
    'app-memory': against(of(runs.app, 'peakMb'), of(runs.empty, 'peakMb'), 'MB'),
  }
}

/**
 * How late the last of many deliveries is answered that arrive at the same moment, while the App works on them and writes to
 * a sandbox; App, sandbox and sender are processes of their own. The reference gets the same burst: Probot with a handler that
 * does nothing and stores nothing.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { WEBHOOK_PATH } from '../app/inbound/webhook/receive.ts'
import { enforceLimits, makeDeliveries, makeTasks } from './burst-world.ts'
import { against, median, percentile, type Figures } from './figures.ts'
import { run } from './running.ts'

const ROOT = join(import.meta.dirname, '..')
const SIZES = [200, 400, 1000] as const
const ROUNDS = 3
const TASKS = 40

export const burst = async (): Promise<Figures> => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const sandbox = await run([join(ROOT, 'app/sandbox/main.ts'), '--port', '0', '--data', dir, '--json'])
  const envFile = join(dir, 'sandbox.env')
  const secret = parseEnv(readFileSync(envFile, 'utf8'))['WEBHOOK_SECRET'] ?? ''
  const app = await run(
    [join(ROOT, 'app/main.ts'), '--env-file', envFile, '--data', join(dir, 'data'), '--port', '0', '--json'],
    { ...process.env, LOG_LEVEL: 'error' },
  )
  const reference = await run([join(ROOT, 'bench/probot-server.ts'), secret])

  const tokens = sandbox.line['tokens'] as Readonly<Record<string, string>>
  const place = { github: String(sandbox.line['github']), token: tokens['alice'] ?? '', app: String(app.line['app']) }
  await enforceLimits(place, false)
  await makeTasks(place, `${place.app}${WEBHOOK_PATH}`, TASKS)
  const deliveries = await makeDeliveries(place, TASKS, ROUNDS * SIZES.reduce((sum, size) => sum + size, 0))
  await enforceLimits(place, true)
  const file = join(dir, 'deliveries.json')
  writeFileSync(file, JSON.stringify(deliveries))
  const send = async (to: string, from: number, size: number): Promise<readonly number[]> => {
    const args = [join(ROOT, 'bench/burst-load.ts'), to + WEBHOOK_PATH, secret, file, String(from), String(size)]
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 })
    return JSON.parse(stdout) as readonly number[]
  }

  const times = SIZES.map((size) => ({ size, ours: [] as number[], probot: [] as number[] }))
  let from = 0
  // Nothing waits for the App to be done: each burst meets the work that the ones before it left.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { size, ours, probot } of times) {
      probot.push(...(await send(String(reference.line['url']), from, size)))
      ours.push(...(await send(place.app, from, size)))
      from += size
    }
  }
  for (const one of [app, reference, sandbox]) await one.stop()
  rmSync(dir, { recursive: true, force: true })
  return Object.fromEntries(
    times.flatMap(({ size, ours, probot }) =>
      MEASURES.map(([name, of]) => [`burst-${size}-${name}`, against(of(ours), of(probot), 'ms')] as const),
    ),
  )
}

/** Over all rounds: the slowest is the slowest of all. */
const MEASURES = [
  ['p50', median],
  ['p99', (times: readonly number[]) => percentile(times, 0.99)],
  ['slowest', (times: readonly number[]) => Math.max(...times)],
] as const

/**
 * How late the last of many deliveries is answered that arrive at the same moment, while the App works on them and writes to
 * a sandbox; App, sandbox and sender are processes of their own. The reference gets the same burst: Probot with a handler that
 * does nothing and stores nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { WEBHOOK_PATH } from '../app/inbound/webhook/receive.ts'
import { enforceLimits, makeDeliveries, makeTasks } from './burst-world.ts'
import { inFolder } from './clean-up.ts'
import { against, median, percentile, type Figures } from './figures.ts'
import { outputOf, run, type Running } from './running.ts'

const ROOT = join(import.meta.dirname, '..')
const SIZES = [200, 400, 1000] as const
const ROUNDS = 2
const TASKS = 40

export const burst = (): Promise<Figures> => inFolder(burstIn)

const burstIn = async (dir: string): Promise<Figures> => {
  const processes: Running[] = []
  const start = async (...args: string[]): Promise<Running> => {
    const started = await run(args, { ...process.env, LOG_LEVEL: 'silent' })
    processes.unshift(started)
    return started
  }
  try {
    const sandbox = await start(join(ROOT, 'app/sandbox/main.ts'), '--port', '0', '--data', dir, '--json')
    const envFile = join(dir, 'sandbox.env')
    const data = join(dir, 'data')
    const app = await start(join(ROOT, 'app/main.ts'), '--env-file', envFile, '--data', data, '--port', '0', '--json')
    const secret = parseEnv(readFileSync(envFile, 'utf8'))['WEBHOOK_SECRET'] ?? ''
    const reference = await start(join(ROOT, 'bench/probot-server.ts'), secret)
    const tokens = sandbox.line['tokens'] as Readonly<Record<string, string>>
    const place = { github: String(sandbox.line['github']), token: tokens['alice'] ?? '', app: String(app.line['app']) }
    const doors = { ours: place.app + WEBHOOK_PATH, probot: String(reference.line['url']) + WEBHOOK_PATH }

    await enforceLimits(place, false)
    await makeTasks(place, doors.ours, TASKS)
    const file = join(dir, 'deliveries.json')
    writeFileSync(file, JSON.stringify(await makeDeliveries(place, doors.ours, TASKS, ROUNDS * sum(SIZES))))
    await enforceLimits(place, true)
    return await measure(doors, secret, file)
  } finally {
    for (const one of processes) await one.stop()
  }
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0)

const measure = async (
  doors: { readonly ours: string; readonly probot: string },
  secret: string,
  file: string,
): Promise<Figures> => {
  const send = async (url: string, from: number, size: number): Promise<readonly number[]> => {
    const args = [join(ROOT, 'bench/burst-load.ts'), url, secret, file, String(from), String(size)]
    return JSON.parse(await outputOf(args)) as readonly number[]
  }
  const times = SIZES.map((size) => ({ size, ours: [] as number[], probot: [] as number[] }))
  let from = 0
  // Nothing waits for the App to be done: each burst meets the work that the ones before it left.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { size, ours, probot } of times) {
      probot.push(...(await send(doors.probot, from, size)))
      ours.push(...(await send(doors.ours, from, size)))
      from += size
    }
  }
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

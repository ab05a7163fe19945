/** `npm run chaos -- --seed N --runs M [--verbose] [--issue K]`: plays seeded runs and prints the seed and the faults of each that ends wrong; with an issue, also all that the App asked about it. */
import { parseArgs } from 'node:util'
import { createAppKeys } from '../../../app/sandbox/app-keys.ts'
import { CALM, planOf } from './fault-plan.ts'
import { hasTurned, judge } from './judge.ts'
import { runOne, type Run } from './run-one.ts'

const PROGRESS_EVERY = 25

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    issue: { type: 'string' },
  },
})
const first = Number(values.seed)
const count = Number(values.runs)
const issue = values.issue === undefined ? null : Number(values.issue)
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || first < 1 || count < 1) {
  console.error('chaos: --seed and --runs are whole numbers from 1 on')
  process.exit(2)
}

const keys = { muster: createAppKeys(), claude: createAppKeys() }
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const figures = ({ lives, requests, commits, told, virtualMs }: Run, ms: number): string =>
  `${lives} lives, ${requests} requests, ${commits} commits, ${told.length} faults, ${Math.round(virtualMs / 60_000)} virtual minutes, ${Math.round(ms)} ms of CPU`

const isRun = (value: unknown): value is Run => typeof value === 'object' && value !== null && 'end' in value

const calm = await runOne(CALM, keys)
for (const problem of calm.end.wrong) console.log(`without faults: ${problem}`)
if (calm.end.wrong.length > 0) process.exit(1)
let turned: Run | null = null

const began = cpuMs()
const failed: number[] = []
for (let seed = first; seed < first + count; seed += 1) {
  const before = cpuMs()
  const run = await runOne(planOf(seed), keys, { issue }).catch((error: unknown) => error)
  if (isRun(run) && hasTurned(run, calm)) turned ??= await runOne(CALM, keys, { turned: true })
  const wrong = isRun(run) ? judge(run, calm, turned) : [String(run)]
  if (isRun(run) && (values.verbose || wrong.length > 0)) {
    console.log(`seed ${seed}: ${figures(run, cpuMs() - before)}`)
    for (const fault of run.told) console.log(`  ${fault}`)
  }
  if (wrong.length > 0) {
    failed.push(seed)
    for (const problem of wrong) console.log(`seed ${seed} WRONG: ${problem}`)
    console.log(`seed ${seed}: play it again with npm run chaos -- --seed ${seed} --verbose`)
  }
  const done = seed - first + 1
  if (done % PROGRESS_EVERY === 0) console.log(`${done} of ${count} runs, ${failed.length} wrong`)
}
const mean = Math.round((cpuMs() - began) / count)
console.log(
  `${count} runs from seed ${first}: ${failed.length} wrong${failed.length > 0 ? ` (${failed.join(', ')})` : ''}, ${mean} ms of CPU each`,
)
// Sockets and timers of dead lives are nobody's concern.
process.exit(failed.length === 0 ? 0 : 1)

/**
 * `npm run bench`: every figure beside a reference measured in the same run, because machines differ and are noisy.
 * `--json` prints one object; `--only NAME` runs one, also of those that run on request only; `--save` keeps the figures, with commit and date, for the README;
 * `--small` runs everything at a fraction of its size, to see that it works. Never beside tests.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { actionBundle } from './action-bundle.ts'
import { addEdge } from './add-edge.ts'
import { appStart } from './app-start.ts'
import { burst } from './burst.ts'
import { claims } from './claims.ts'
import { cleanUp } from './clean-up.ts'
import { deliveries } from './deliveries.ts'
import { demoLife } from './demo-life.ts'
import type { Figures } from './figures.ts'
import { claimsLarge } from './flat.ts'
import { lag } from './lag.ts'
import { peer } from './peer.ts'
import { keepFigures, type SavedFigures, type Taken } from './saved-figures.ts'
import { BENCH_NAMES, ON_REQUEST, type BenchName } from './words.ts'
import { writes } from './writes.ts'

const BENCHES: Readonly<Record<BenchName, (small: boolean) => Promise<Figures>>> = {
  deliveries,
  burst,
  demoLife,
  appStart,
  actionBundle,
  claims,
  writes,
  lag,
  claimsLarge,
  addEdge,
  peer,
}

/** A bench that takes longer hangs. */
const LIMIT_MS = 20 * 60_000
const SAVED = join(import.meta.dirname, 'figures.json')

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    console.error(`bench: stopped by ${signal}`)
    void end(128 + constants.signals[signal])
  })
}

const { values } = readFlags()
const small = values.small === true
const chosen = BENCH_NAMES.filter((name) => (values.only === undefined ? !ON_REQUEST.has(name) : name === values.only))
if (chosen.length === 0) refuse(`there is no "${values.only ?? ''}"; there are ${BENCH_NAMES.join(', ')}`)
if (small && values.save === true) refuse('what --small gives is not worth --save')

const ran: Record<string, Figures> = {}
const failed: string[] = []
for (const name of chosen) {
  if (values.json !== true) console.log(`${name} …`)
  try {
    const figures = await Promise.race([BENCHES[name](small), tooLong()])
    ran[name] = figures
    if (values.json !== true) show(figures)
  } catch (error) {
    failed.push(name)
    console.error(`bench: ${name}:`, error)
  }
  await cleanUp()
}
if (values.json === true) console.log(JSON.stringify(Object.assign({}, ...Object.values(ran))))
if (values.save === true) {
  const saved = JSON.parse(readFileSync(SAVED, 'utf8')) as SavedFigures
  writeFileSync(SAVED, `${JSON.stringify(keepFigures(saved, ran, taken(), BENCH_NAMES), null, 2)}\n`)
  if (values.json !== true) console.log('saved; npm run gen shows them in the README')
}
await end(failed.length === 0 ? 0 : 1)

async function end(code: number): Promise<never> {
  await cleanUp()
  process.exit(code)
}

async function tooLong(): Promise<never> {
  await sleep(LIMIT_MS, undefined, { ref: false })
  throw new Error(`not done after ${LIMIT_MS / 60_000} minutes`)
}

/** Figures of code that no commit holds say so. */
function taken(): Taken {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).trim()
  const changed = git(
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--',
    ':/',
    ':!/bench/figures.json',
    ':!/README.md',
  )
  const commit = git('rev-parse', '--short', 'HEAD')
  return { commit: changed === '' ? commit : `${commit} and changes`, date: new Date().toISOString().slice(0, 10) }
}

function show(figures: Figures): void {
  for (const [figure, { value, unit, reference, ratio }] of Object.entries(figures)) {
    const against = reference === null ? '' : `   reference ${round(reference)} ${unit}, ratio ${round(ratio ?? 0)}`
    console.log(`  ${figure.padEnd(34)} ${String(round(value)).padStart(10)} ${unit}${against}`)
  }
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean' },
        only: { type: 'string' },
        save: { type: 'boolean' },
        small: { type: 'boolean' },
      },
    })
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message : String(error)}; there are --json, --only, --save and --small`,
    )
  }
}

function refuse(why: string): never {
  console.error(`bench: ${why}`)
  process.exit(2)
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

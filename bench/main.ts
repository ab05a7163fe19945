/**
 * `npm run bench`: every figure beside a reference measured in the same run, because machines differ and are noisy.
 * `--json` prints one object; `--only NAME` runs one, also of those that run on request only; `--save` keeps the figures, with commit and date, for the README.
 * Never beside tests.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { actionBundle } from './action-bundle.ts'
import { addEdge } from './add-edge.ts'
import { appStart } from './app-start.ts'
import { burst } from './burst.ts'
import { claims, claimsLarge } from './claims.ts'
import { deliveries } from './deliveries.ts'
import { demoLife } from './demo-life.ts'
import type { Figures } from './figures.ts'

const BENCHES: Readonly<Record<string, () => Promise<Figures>>> = {
  deliveries,
  burst,
  demoLife,
  appStart,
  actionBundle,
  claims,
}

/** Only by name: each takes minutes, and no machine's figures of them go stale with a commit. */
const ON_REQUEST: typeof BENCHES = { claimsLarge, addEdge }

const { values } = readFlags()
const chosen =
  values.only === undefined
    ? Object.entries(BENCHES)
    : Object.entries({ ...BENCHES, ...ON_REQUEST }).filter(([name]) => name === values.only)
if (chosen.length === 0) {
  console.error(
    `bench: there is no "${values.only ?? ''}"; there are ${Object.keys({ ...BENCHES, ...ON_REQUEST }).join(', ')}`,
  )
  process.exit(2)
}

const all: Record<string, Figures[string]> = {}
for (const [name, run] of chosen) {
  if (values.json !== true) console.log(`${name} …`)
  const figures = await run()
  Object.assign(all, figures)
  if (values.json === true) continue
  for (const [figure, { value, unit, reference, ratio }] of Object.entries(figures)) {
    const against = reference === null ? '' : `   reference ${round(reference)} ${unit}, ratio ${round(ratio ?? 0)}`
    console.log(`  ${figure.padEnd(34)} ${String(round(value)).padStart(10)} ${unit}${against}`)
  }
}
if (values.json === true) console.log(JSON.stringify(all))
if (values.save === true) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const saved = { commit, date: new Date().toISOString().slice(0, 10), figures: all }
  writeFileSync(join(import.meta.dirname, 'figures.json'), `${JSON.stringify(saved, null, 2)}\n`)
}
process.exit(0)

function readFlags() {
  try {
    return parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' }, save: { type: 'boolean' } } })
  } catch (error) {
    console.error(
      `bench: ${error instanceof Error ? error.message : String(error)}; there are --json, --only and --save`,
    )
    process.exit(2)
  }
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

/** The demo's flags. */
import { parseArgs } from 'node:util'

export interface DemoOptions {
  readonly seed: number
  /** Exit with 0 or 1 when the story has been played and checked, instead of staying up. */
  readonly once: boolean
  /** One JSON line on stdout at the end; the narration goes to stderr. */
  readonly json: boolean
  readonly help: boolean
}

export const USAGE = `Usage: npm run demo -- [--seed N] [--once] [--json]
  --seed N   which bug the story is about (default 1)
  --once     exit with 0 when the story ended as it should, else with 1
  --json     print one JSON line about the end on stdout, and the story on stderr`

/** Throws with a sentence for flags that do not exist. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const seed = Number(values.seed)
  if (!/^\d+$/.test(values.seed) || !Number.isSafeInteger(seed))
    throw new Error(`--seed takes a whole number from 0 on, not "${values.seed}".`)
  return { seed, once: values.once, json: values.json, help: values.help }
}

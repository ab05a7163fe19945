/**
 * `npm run sandbox`: one sandbox on this machine until SIGTERM or SIGINT. With --json, stdout gets exactly one line when
 * ready. It starts no App; one that is started with what it writes tells it where it listens, unless `--app-url` does.
 */
import { parseArgs } from 'node:util'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { writeSandboxEnv } from './write-sandbox-env.ts'

const USAGE = `Usage: npm run sandbox -- [--port N] [--seed N] [--data DIR] [--app-url URL] [--friendly] [--json]
  --port N       the port to listen on; 0 picks a free one (default 3300)
  --seed N       decides every random choice (default 1)
  --data DIR     where sandbox.env is written for the App (default .muster)
  --app-url URL  webhooks go to URL/api/github/webhooks (or URL, when it has a path), wherever the App listens;
                 without it to port 3000 of this machine until an App says where it listens
  --friendly     no delays, no stale lists, no limits
  --json         print one JSON line when ready`

/** Where `npm start` listens. */
const APP_URL = 'http://127.0.0.1:3000'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3300' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string', default: '.muster' },
      'app-url': { type: 'string' },
      friendly: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const appUrl = values['app-url']
  const sandbox = await createSandbox({
    port: wholeNumber('--port', values.port, 65_535),
    seed: wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER),
    friendly: values.friendly,
    webhookUrl: webhookAddress(appUrl ?? APP_URL),
  })
  const more = appUrl === undefined ? { MUSTER_PUBLIC_URL: 'own' } : {}
  const envFile = await writeSandboxEnv(values.data, sandbox, more)
  stopOn(sandbox, ['SIGTERM', 'SIGINT'])
  if (values.json) console.log(JSON.stringify(readyLine(sandbox)))
  else console.log(welcome(sandbox, envFile))
}

/** What a script needs to begin; `npm run dev` prints the same with the App's address. */
export function readyLine(sandbox: Sandbox, app: string | null = null) {
  const repos = sandbox.state.repositories.all().map((one) => `${sandbox.seed.org.login}/${one.name}`)
  return { github: sandbox.url, app, tokens: sandbox.tokens, repos }
}

function welcome(sandbox: Sandbox, envFile: string): string {
  return [
    `A GitHub on your laptop: ${sandbox.url}`,
    `  repository   ${sandbox.url}/acme/widgets`,
    `  for the App  npm start -- --env-file ${envFile}`,
    ...Object.entries(sandbox.tokens).map(([name, token]) => `  token        ${name.padEnd(8)} ${token}`),
    ...['requests', 'deliveries', 'switches'].map((what) => `  for scripts  ${sandbox.url}/_sandbox/${what}`),
    'Stop with Ctrl-C.',
  ].join('\n')
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new Error(`${flag} takes a whole number from 0 to ${most}, not "${text}".`)
}

function webhookAddress(text: string): string {
  if (!URL.canParse(text)) throw new Error(`--app-url takes an address like http://127.0.0.1:3000, not "${text}".`)
  const url = new URL(text)
  if (url.pathname === '/') url.pathname = '/api/github/webhooks'
  return url.href
}

function stopOn(sandbox: Sandbox, signals: readonly NodeJS.Signals[]): void {
  for (const signal of signals) process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
}

/** Why a sandbox did not start, with what to do where that is known. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  switch ('code' in error ? error.code : null) {
    case 'EADDRINUSE':
      return 'the port is taken; stop what listens there, or use --port 0 for a free one.'
    case 'EEXIST':
    case 'ENOTDIR':
    case 'ENOENT':
    case 'EACCES':
    case 'EROFS':
      return `${error.message}; choose with --data a folder that can be written, or one to be made in such a folder.`
    default:
      return error.message
  }
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(`The sandbox did not start: ${reasonOf(error)}`)
    console.error(USAGE)
    // What was opened before it went wrong must not keep the process alive.
    process.exit(1)
  })
}

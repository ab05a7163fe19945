/**
 * `npm run dev`: the sandbox and the App together, until SIGTERM or SIGINT. With --json, stdout gets exactly one line when
 * both are ready. It plays nothing: people and scripts do.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { readyLine } from '../app/sandbox/main.ts'
import { createSandbox } from '../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../app/sandbox/write-sandbox-env.ts'
import { startApp } from './app-process.ts'

const USAGE = `Usage: npm run dev -- [--port N] [--data DIR] [--seed N] [--friendly] [--json]
  --port N     where the sandbox listens; 0 picks a free port (default 3300). The App always picks a free one.
  --data DIR   where the App keeps its data, and sandbox.env is written (default .muster)
  --seed N     decides every random choice of the sandbox (default 1)
  --friendly   no delays, no stale lists, no limits
  --json       print one JSON line when ready`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3300' },
      data: { type: 'string', default: '.muster' },
      seed: { type: 'string', default: '1' },
      friendly: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const dataDir = resolve(values.data)
  const sandbox = await createSandbox({
    port: wholeNumber('--port', values.port, 65_535),
    seed: wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER),
    friendly: values.friendly,
  })
  const logFile = join(dataDir, 'app.log')
  const envFile = await writeSandboxEnv(dataDir, sandbox)
  const app = await startApp({ envFile, dataDir, logFile, env: process.env }).catch(async (error: unknown) => {
    await sandbox.close()
    throw error
  })
  sandbox.setWebhookUrl(`${app.url}/api/github/webhooks`)

  let stopping = false
  const stop = async (code: number): Promise<void> => {
    if (stopping) return
    stopping = true
    await app.stop()
    await sandbox.close()
    process.exit(code)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(0))
  void app.ended.then((how) => {
    if (!stopping) console.error(`The App ${how}; see ${logFile}`)
    return stop(1)
  })

  if (values.json) console.log(JSON.stringify(readyLine(sandbox, app.url)))
  else console.log(welcome(sandbox.url, app.url, sandbox.tokens.alice, logFile))
}

function welcome(github: string, app: string, token: string, logFile: string): string {
  return [
    `GitHub   ${github}/acme/widgets   (alice's token: ${token})`,
    `App      ${app}   (log: ${logFile})`,
    'Stop with Ctrl-C.',
  ].join('\n')
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= most) return value
  throw new Error(`${flag} takes a whole number from 0 to ${most}, not "${text}".`)
}

main().catch((error: unknown) => {
  console.error(`npm run dev did not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})

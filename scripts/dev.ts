/**
 * `npm run dev`: the sandbox and the App together, until SIGTERM or SIGINT. With --json, stdout gets exactly one line when
 * both are ready. Every start is a new GitHub with an App that knows nothing yet; nothing of the shell's environment reaches
 * it. The GitHub outlives its App, so that one can be killed and started anew. It plays nothing: people and scripts do.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { readyLine, reasonOf } from '../app/sandbox/main.ts'
import { createSandbox, type Sandbox } from '../app/sandbox/sandbox.ts'
import { prepareSandboxEnv, worldOf } from '../app/sandbox/write-sandbox-env.ts'
import { enterWorld } from '../app/store/enter-world.ts'
import { makeFolder } from '../app/store/make-folder.ts'
import { type AppProcess, startApp } from './app-process.ts'
import { ownEnvironment } from './own-environment.ts'

const USAGE = `Usage: npm run dev -- [--port N] [--data DIR] [--seed N] [--friendly] [--json]
  --port N     where the sandbox listens; 0 picks a free port (default 3300). The App always picks a free one.
  --data DIR   where the App keeps its data, and sandbox.env is written (default .muster); the data of an earlier
               sandbox is set aside there
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
  makeFolder(dataDir)
  const sandbox = await createSandbox({
    port: wholeNumber('--port', values.port, 65_535),
    seed: wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER),
    friendly: values.friendly,
  })
  const logFile = join(dataDir, 'app.log')
  const app = await startAppOf(sandbox, dataDir, logFile)

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await app.stop()
    await sandbox.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
  // With the sandbox everything on its GitHub would be gone, and nothing left to start an App on again.
  void app.ended.then((how) => {
    if (!stopping) console.error(`The App ${how}; see ${logFile}. ${startAnew(dataDir, app.url)}`)
  })

  if (values.json) console.log(JSON.stringify(readyLine(sandbox, app.url)))
  else console.log(welcome(sandbox.url, app.url, sandbox.tokens.alice, logFile))
}

/** What others read as sandbox.env names this sandbox only once its App runs. */
async function startAppOf(sandbox: Sandbox, dataDir: string, logFile: string): Promise<AppProcess> {
  const moved = await enterWorld({ databaseUrl: null, dataDir }, worldOf(sandbox), 'set-aside')
  if (moved !== null) console.error(`npm run dev: ${moved}`)
  // Commands in a shell that has a DATABASE_URL are to meet this App's data as well.
  // An App that is started after this one tells the sandbox where it listens, as this one does.
  const env = await prepareSandboxEnv(dataDir, sandbox, { DATABASE_URL: '', MUSTER_PUBLIC_URL: 'own' })
  try {
    const app = await startApp({ envFile: env.path, dataDir, logFile, env: ownEnvironment() })
    await env.publish()
    return app
  } catch (error) {
    await env.discard()
    throw error
  }
}

const startAnew = (dataDir: string, url: string): string =>
  `The sandbox goes on; for an App in its place: npm start -- --env-file ${join(dataDir, 'sandbox.env')} --data ${dataDir} --port ${new URL(url).port}`

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
  console.error(`npm run dev did not start: ${reasonOf(error)}`)
  // The sandbox may listen already.
  process.exit(1)
})

/** The demo's stage: sandbox, App and runner, plugged together as they are in real life, by addresses and webhooks. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { setJobExecutor } from '../app/sandbox/actions/job-scheduler.ts'
import type { RequestCounts } from '../app/sandbox/http/request-log.ts'
import { createSandbox, type Sandbox } from '../app/sandbox/sandbox.ts'
import { writeSandboxEnv } from '../app/sandbox/write-sandbox-env.ts'
import { type AppProcess, startApp } from '../scripts/app-process.ts'
import { ownEnvironment } from '../scripts/own-environment.ts'
import { agentOnPath } from './agent-on-path.ts'
import { createJobExecutor, type RunnerOptions } from './runner/run-job.ts'

const ROOT = join(import.meta.dirname, '..')
export const REPOSITORY = 'acme/widgets'
/** What the workflow calls the Action; on this machine it is the bundle in this repository. */
const ACTION = 'muster/muster'

export interface Stage {
  readonly sandbox: Sandbox
  readonly app: AppProcess
  readonly folder: string
  readonly logFile: string
  /** Requests of GitHub so far, without those that GitHub's own actions made in the jobs. */
  counts(): RequestCounts
  /** Makes a key for the agent and gives the runner what it needs; jobs run from now on. */
  openRunner(onStep: RunnerOptions['onStep']): Promise<void>
  /** `keep`: leaves the folder with the App's data and log. */
  close(keep: boolean): Promise<void>
}

export async function openStage(seed: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'))
  const logFile = join(folder, 'app.log')
  const sandbox = await createSandbox({ seed })
  const ofOtherActions: string[] = []
  const close = async (keep: boolean): Promise<void> => {
    setJobExecutor(sandbox.world, null)
    await sandbox.close()
    if (!keep) await rm(folder, { recursive: true, force: true })
  }
  try {
    const envFile = await writeSandboxEnv(folder, sandbox)
    const env = ownEnvironment()
    const app = await startApp({ envFile, dataDir: folder, logFile, env })
    sandbox.setWebhookUrl(`${app.url}/api/github/webhooks`)
    return {
      sandbox,
      app,
      folder,
      logFile,
      counts: () => withoutRequests(sandbox.log.counts(), ofOtherActions),
      async openRunner(onStep) {
        const secrets = { MUSTER_AGENT_KEY: await agentKey(envFile, folder), AGENT_TOKEN: sandbox.tokens.claude }
        const paths = [await agentOnPath(folder)]
        const actions = { [ACTION]: ROOT }
        const onRequest = (route: string) => void ofOtherActions.push(route)
        setJobExecutor(
          sandbox.world,
          createJobExecutor({ secrets, vars: { MUSTER_URL: app.url }, paths, actions, onStep, onRequest }),
        )
      },
      async close(keep) {
        await app.stop()
        await close(keep)
      },
    }
  } catch (error) {
    await close(true)
    throw error
  }
}

/** As a person does it: with the command that the documentation names. */
async function agentKey(envFile: string, dataDir: string): Promise<string> {
  const flags = ['--agent', 'claude', '--project', REPOSITORY, '--env-file', envFile, '--data', dataDir]
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'agent-key', '--', ...flags], {
    cwd: ROOT,
    env: ownEnvironment(),
  })
  const key = stdout.trim()
  if (key === '') throw new Error('npm run -s agent-key printed no key')
  return key
}

/** The sandbox counts whatever a job's runtime token asks for as the Action's; here we know whose it was. */
function withoutRequests(counts: RequestCounts, routes: readonly string[]): RequestCounts {
  const action = { ...counts.by_route['action'] }
  for (const route of routes) action[route] = (action[route] ?? 0) - 1
  const left = Object.fromEntries(Object.entries(action).filter(([, count]) => count > 0))
  return {
    ...counts,
    total: counts.total - routes.length,
    by_actor: { ...counts.by_actor, action: counts.by_actor.action - routes.length },
    by_route: { ...counts.by_route, action: left },
  }
}

/**
 * The environment that GitHub's runner gives to the steps of a job, and the files that go with it. Running the steps is
 * the business of whoever asks for it.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { fullName } from '../render/repository.ts'
import { type WorkflowJob, type WorkflowRun, workflowsOf } from '../model/workflow.ts'
import { repositoryOfRun } from '../render/workflow.ts'
import type { World } from '../world.ts'
import { actionsAppId } from './run-lifecycle.ts'
import { permissionsOfJob } from './run-permissions.ts'
import { mintRuntimeToken } from './runtime-token.ts'

/** Files that steps write commands into. */
const COMMAND_FILES = {
  GITHUB_OUTPUT: 'output',
  GITHUB_STEP_SUMMARY: 'step_summary',
  GITHUB_STATE: 'state',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
} as const

export interface RunnerEnvironment {
  readonly variables: Readonly<Record<string, string>>
  /** The job's GITHUB_TOKEN, also among the variables; revoke it when the job has ended. */
  readonly token: string
}

async function prepare(dir: string): Promise<Record<string, string>> {
  const commands = join(dir, '_temp/_runner_file_commands')
  await mkdir(commands, { recursive: true })
  await mkdir(join(dir, 'work'), { recursive: true })
  const files: Record<string, string> = {}
  for (const [name, file] of Object.entries(COMMAND_FILES)) {
    files[name] = join(commands, file)
    await writeFile(files[name], '')
  }
  return files
}

function refVariables(run: WorkflowRun): Record<string, string> {
  const request = (run.payload['pull_request'] ?? {}) as { head?: { ref?: string }; base?: { ref?: string } }
  const pull = run.event.startsWith('pull_request')
  return {
    GITHUB_REF: run.ref,
    GITHUB_REF_NAME: run.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_HEAD_REF: pull ? (request.head?.ref ?? '') : '',
    GITHUB_BASE_REF: pull ? (request.base?.ref ?? '') : '',
  }
}

/** Fills `dir` with the runner's folders and files and returns the variables, with a fresh GITHUB_TOKEN among them. */
export async function runnerEnvironment(
  world: World,
  run: WorkflowRun,
  job: WorkflowJob,
  dir: string,
): Promise<RunnerEnvironment> {
  const files = await prepare(dir)
  const repository = repositoryOfRun(world, run)
  const name = fullName(world, repository)
  const workflow = workflowsOf(world.state).get(run.workflowId)
  const login = (id: number) => world.state.accounts.get(id)?.login ?? ''
  const eventPath = join(dir, '_temp/event.json')
  await writeFile(eventPath, JSON.stringify(run.payload, null, 2))
  const { token } = world.tokens.mintWorkflow({
    appId: actionsAppId(world),
    repositoryId: run.repositoryId,
    runId: run.id,
    permissions: permissionsOfJob(run, job.key),
  })
  const variables = {
    ...files,
    ...refVariables(run),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__run',
    GITHUB_ACTOR: login(run.actorId),
    GITHUB_ACTOR_ID: String(run.actorId),
    GITHUB_API_URL: world.origin(),
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_GRAPHQL_URL: `${world.origin()}/graphql`,
    GITHUB_JOB: job.key,
    GITHUB_REPOSITORY: name,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: name.split('/')[0] ?? '',
    GITHUB_REPOSITORY_OWNER_ID: String(repository.ownerId),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_SERVER_URL: world.origin(),
    GITHUB_SHA: run.checkoutSha,
    GITHUB_TOKEN: token,
    GITHUB_TRIGGERING_ACTOR: login(run.triggeringActorId),
    GITHUB_WORKFLOW: workflow?.name ?? '',
    GITHUB_WORKFLOW_REF: `${name}/${workflow?.path ?? ''}@${run.ref}`,
    GITHUB_WORKFLOW_SHA: run.checkoutSha,
    GITHUB_WORKSPACE: join(dir, 'work'),
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: join(dir, '_temp'),
    RUNNER_TOOL_CACHE: join(dir, '_tool'),
    ACTIONS_RESULTS_URL: `${world.origin()}/`,
    ACTIONS_RUNTIME_TOKEN: mintRuntimeToken(world.state, { run: run.backendId, job: job.backendId }),
  }
  return { variables, token }
}

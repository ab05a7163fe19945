/**
 * Runs the jobs of workflow runs on this machine as GitHub's runner would: the steps as the workflow file of the run has
 * them, one after the other. What a single step does is the business of run-step.ts.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'yaml'

import type { JobAssignment, JobExecutor } from '../../app/sandbox/actions/job-scheduler.ts'
import type { JobResult } from '../../app/sandbox/actions/run-lifecycle.ts'
import type { JobStep } from '../../app/sandbox/model/workflow.ts'
import { parseCommandFile } from './command-file.ts'
import { type Contexts, holds, type Texts, textOf, textsOf } from './expressions.ts'
import { githubContext } from './run-action.ts'
import { runStep } from './run-step.ts'
import { requireVariable } from './step.ts'

export interface RunnerOptions {
  readonly secrets: Texts
  readonly vars: Texts
  /** Folders put in front of PATH. */
  readonly paths: readonly string[]
  /** Actions in a folder of this machine: what stands before the `@` of `uses:` → folder. */
  readonly actions: Texts
  /** Told of each request that GitHub's own actions make: they are neither the App's nor its Action's. */
  readonly onRequest: (route: string) => void
  readonly onStep: (step: { readonly run: number; readonly job: string; readonly name: string }) => void
}

/** Variables that only actions see, and the token, which a `run:` step gets by its own `env:` alone. */
const FOR_ACTIONS = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN']
const HIDDEN = new Set([...FOR_ACTIONS, 'GITHUB_TOKEN'])

export function createJobExecutor(options: RunnerOptions): JobExecutor {
  /** `run id.run attempt.job key` → the job's outputs, for those that need it. */
  const outputs = new Map<string, Texts>()
  return async (assignment) => {
    const { definition, run } = assignment
    const nameOf = (key: string) => `${run.id}.${run.attempt}.${key}`
    const folder = await mkdtemp(join(tmpdir(), 'runner-'))
    try {
      const needs = definition.needs.map((key) => [key, { outputs: outputs.get(nameOf(key)) ?? {} }])
      const ended = await runSteps(assignment, options, folder, Object.fromEntries(needs) as Contexts)
      outputs.set(nameOf(definition.key), ended.outputs)
      return ended.result
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

async function runSteps(
  assignment: JobAssignment,
  options: RunnerOptions,
  folder: string,
  needs: Contexts,
): Promise<{ readonly result: JobResult; readonly outputs: Texts }> {
  const { definition, run, signal, world } = assignment
  const { secrets, vars } = options
  const variables = await assignment.environment(folder)
  const variable = (name: string) => requireVariable(variables, name)
  const text = jobText(run.source, definition.key)
  const steps: Record<string, { outputs: Texts }> = {}
  const inputs = run.payload['inputs'] ?? {}
  const runner = { temp: variable('RUNNER_TEMP'), os: variable('RUNNER_OS') }
  const job = { status: 'success' }
  const contexts = { github: githubContext(variables), runner, inputs, secrets, vars, needs, steps, job }
  const jobEnv = { ...visible(variables, options.paths), ...textsOf(text.env, contexts) }
  const done: JobStep[] = []
  let log = ''
  let failed = false
  for (const [index, step] of definition.steps.entries()) {
    if (signal.aborted) break
    const name = nameOfStep(step)
    const row = { name, number: index + 1, status: 'completed' } as const
    if (!holds(textOf(step['if']), failed)) {
      done.push({ ...row, conclusion: 'skipped', startedAt: null, completedAt: null })
      continue
    }
    options.onStep({ run: run.id, job: definition.key, name })
    const startedAt = world.clock.now()
    await writeFile(variable('GITHUB_OUTPUT'), '')
    const { code, output } = await runStep(step, contexts, options.actions, {
      inputs: textsOf(step['with'], contexts),
      env: { ...jobEnv, ...textsOf(step['env'], contexts) },
      actionEnv: Object.fromEntries(FOR_ACTIONS.map((key) => [key, variable(key)])),
      token: variable('GITHUB_TOKEN'),
      workspace: variable('GITHUB_WORKSPACE'),
      signal,
      onRequest: options.onRequest,
    })
    failed ||= code !== 0
    if (failed) job.status = 'failure'
    log += logOf(name, code, output)
    const conclusion = code === 0 ? 'success' : 'failure'
    done.push({ ...row, conclusion, startedAt, completedAt: world.clock.now() })
    const written = parseCommandFile(await readFile(variable('GITHUB_OUTPUT'), 'utf8'))
    if (typeof step['id'] === 'string') steps[step['id']] = { outputs: written }
  }
  const conclusion = failed ? 'failure' : 'success'
  return {
    result: { conclusion, log: withoutSecrets(log, secrets), steps: done },
    outputs: textsOf(text.outputs, contexts),
  }
}

const nameOfStep = (step: Readonly<Record<string, unknown>>): string =>
  textOf(step['name'] ?? step['uses'] ?? step['run']).split('\n', 1)[0] ?? ''

const logOf = (name: string, code: number, output: string): string =>
  `##[group]${name}\n${output}##[endgroup]\n${code === 0 ? '' : `##[error]Process completed with exit code ${code}.\n`}`

interface JobText {
  readonly outputs?: unknown
  readonly env?: unknown
}

function jobText(source: string, key: string): JobText {
  const { jobs } = parse(source) as { jobs: Readonly<Record<string, JobText>> }
  return jobs[key] ?? {}
}

/** Nothing of this process's own environment but where programs are: the Node that runs this comes first. */
function visible(variables: Texts, paths: readonly string[]): Texts {
  const shown = Object.entries(variables).filter(([name]) => !HIDDEN.has(name))
  const path = [...paths, dirname(process.execPath), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter)
  return { ...Object.fromEntries(shown), PATH: path, HOME: requireVariable(variables, 'RUNNER_TEMP') }
}

const withoutSecrets = (log: string, secrets: Texts): string =>
  Object.values(secrets).reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '***')), log)

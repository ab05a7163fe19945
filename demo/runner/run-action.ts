/** A JavaScript action from a folder: its inputs with the defaults of its action.yml, and its bundle as a process. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

import { type Contexts, interpolate, textOf } from './expressions.ts'
import { type ProcessResult, runProcess } from './run-process.ts'
import type { StepInput } from './step.ts'

interface ActionFile {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown } | null>>
  readonly runs: { readonly main: string }
}

export async function runAction(folder: string, input: StepInput, contexts: Contexts): Promise<ProcessResult> {
  const action = parse(await readFile(join(folder, 'action.yml'), 'utf8')) as ActionFile
  // This runner knows no matrices.
  const withToken = { ...contexts, github: { ...githubContext(input.env), token: input.token }, matrix: null }
  const defaults = Object.entries(action.inputs ?? {}).map(([name, row]) => [
    name,
    interpolate(textOf(row?.default), withToken),
  ])
  const inputs = { ...(Object.fromEntries(defaults) as Record<string, string>), ...input.inputs }
  const variables = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ])
  return runProcess({
    command: process.execPath,
    args: [join(folder, action.runs.main)],
    cwd: input.workspace,
    env: { ...input.env, ...input.actionEnv, ...(Object.fromEntries(variables) as Record<string, string>) },
    signal: input.signal,
  })
}

/** `github.run_id` is GITHUB_RUN_ID, and so on. */
export function githubContext(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.entries(env).filter(([name]) => name.startsWith('GITHUB_'))
  return Object.fromEntries(names.map(([name, value]) => [name.slice('GITHUB_'.length).toLowerCase(), value]))
}

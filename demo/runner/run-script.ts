/** `run:` steps: a script for bash, with the flags that GitHub's runner gives it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

import { type ProcessResult, runProcess } from './run-process.ts'
import { requireVariable, type StepInput } from './step.ts'

export async function runScript(script: string, input: StepInput): Promise<ProcessResult> {
  const path = join(requireVariable(input.env, 'RUNNER_TEMP'), `${randomUUID()}.sh`)
  await writeFile(path, script)
  const args = ['--noprofile', '--norc', '-eo', 'pipefail', path]
  return runProcess({ command: 'bash', args, cwd: input.workspace, env: input.env, signal: input.signal })
}

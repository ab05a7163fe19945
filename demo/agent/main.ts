/**
 * The scripted agent: a process of its own that a workflow's step starts, as it would start Claude Code. Its log goes to
 * stdout; problems also go to stderr, and then the exit code is 1.
 */
import { readAgentEnvironment } from './agent-environment.ts'
import { work } from './work.ts'
import { createWorkLog } from './work-log.ts'

const log = createWorkLog((line) => process.stdout.write(`${line}\n`))
try {
  await work(readAgentEnvironment(process.env), log)
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error)
  log.fail(problem)
  console.error(problem)
  process.exitCode = 1
}

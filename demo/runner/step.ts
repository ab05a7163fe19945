/** What a step of a job gets from the runner, and what it leaves behind. */
import type { ProcessResult } from './run-process.ts'

export interface StepInput {
  /** `with:`, expressions replaced. */
  readonly inputs: Readonly<Record<string, string>>
  /** What every step may see: GITHUB_*, RUNNER_*, the job's and the step's `env:`. No tokens. */
  readonly env: Readonly<Record<string, string>>
  /** What only actions see: ACTIONS_RUNTIME_TOKEN and its URL. */
  readonly actionEnv: Readonly<Record<string, string>>
  readonly token: string
  readonly workspace: string
  readonly signal: AbortSignal
  /** Told of each request that one of GitHub's own actions makes, by its route as the sandbox's log names it. */
  readonly onRequest: (route: string) => void
}

export type Step = (input: StepInput) => Promise<ProcessResult>

export function requireVariable(env: Readonly<Record<string, string>>, name: string): string {
  const value = env[name]
  if (value === undefined) throw new Error(`the runner's environment has no ${name}`)
  return value
}

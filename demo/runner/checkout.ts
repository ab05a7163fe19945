/** `actions/checkout`: clones the repository over HTTP with a token, and leaves the token in the clone for later pushes. */
import type { ProcessResult } from './run-process.ts'
import { runProcess } from './run-process.ts'
import { requireVariable, type StepInput } from './step.ts'

export async function checkout(input: StepInput): Promise<ProcessResult> {
  const { inputs, env, workspace } = input
  const server = requireVariable(env, 'GITHUB_SERVER_URL')
  const ref = inputs['ref'] || requireVariable(env, 'GITHUB_SHA')
  const token = inputs['token'] || input.token
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const git = (...args: string[]): Promise<ProcessResult> =>
    runProcess({
      command: 'git',
      args,
      cwd: workspace,
      env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      signal: input.signal,
    })
  const commands = [
    ['init', '--quiet', '--initial-branch=main'],
    ['remote', 'add', 'origin', `${server}/${requireVariable(env, 'GITHUB_REPOSITORY')}.git`],
    ['config', `http.${server}/.extraheader`, `AUTHORIZATION: basic ${basic}`],
    ['fetch', '--quiet', ...(inputs['fetch-depth'] === '0' ? [] : ['--depth=1']), 'origin', ref],
    ['checkout', '--quiet', '--detach', 'FETCH_HEAD'],
  ]
  let output = `Fetching ${ref}\n`
  for (const args of commands) {
    const result = await git(...args)
    output += result.output
    if (result.code !== 0) return { code: result.code, output }
  }
  return { code: 0, output }
}

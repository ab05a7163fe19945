/** A real git client in a folder of its own, without this machine's configuration. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { gitEnvironment } from '../../../app/sandbox/git/git-process.ts'

const run = promisify(execFile)

/** Runs `git` in a folder and returns what it printed; throws with its message when it fails. */
export async function gitClient(cwd: string, ...args: string[]): Promise<string> {
  const env = gitEnvironment({
    GIT_AUTHOR_NAME: 'Bob',
    GIT_AUTHOR_EMAIL: 'bob@example.test',
    GIT_COMMITTER_NAME: 'Bob',
    GIT_COMMITTER_EMAIL: 'bob@example.test',
  })
  const { stdout, stderr } = await run('git', args, { cwd, env })
  return stdout + stderr
}

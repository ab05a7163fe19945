/** The git commands that the agent needs, in the clone that its job checked out. Pushes use that clone's credentials. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Git {
  readonly head: () => Promise<string>
  /** Goes to the branch, on top of what earlier attempts pushed, with the files as they are on the base. */
  readonly openBranch: (branch: string, base: string) => Promise<void>
  readonly commitAll: (message: string) => Promise<void>
  readonly push: (branch: string) => Promise<void>
}

const AUTHOR = ['-c', 'user.name=claude[bot]', '-c', 'user.email=1202+claude[bot]@users.noreply.github.com']

export function createGit(folder: string): Git {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', [...AUTHOR, ...args], {
      cwd: folder,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    })
    return stdout.trim()
  }
  return {
    head: () => git('rev-parse', 'HEAD'),
    async openBranch(branch, base) {
      const known = await git('ls-remote', 'origin', `refs/heads/${branch}`)
      if (known === '') {
        await git('checkout', '--quiet', '-B', branch, base)
        return
      }
      await git('fetch', '--quiet', 'origin', `+refs/heads/${branch}:refs/remotes/origin/${branch}`)
      await git('checkout', '--quiet', '-B', branch, `origin/${branch}`)
      // What failed before is no ground to build on; it stays in the branch's history.
      await git('read-tree', '-u', '--reset', base)
    },
    async commitAll(message) {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
    },
    push: async (branch) => void (await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)),
  }
}

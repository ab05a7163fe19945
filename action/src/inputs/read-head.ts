/** Asks git for the commit that the workspace stands on. No repository or no git is no error. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Head } from './run-identity.ts'

const exec = promisify(execFile)
const TIMEOUT_MS = 10_000
const MAX_MESSAGE = 65_536

export const readHead = async (workspace: string): Promise<Head> => {
  const git = async (...args: string[]): Promise<string | null> => {
    try {
      // The workspace may belong to another user than a container's.
      const { stdout } = await exec('git', ['-c', 'safe.directory=*', '-c', 'log.showSignature=false', ...args], {
        cwd: workspace,
        timeout: TIMEOUT_MS,
        maxBuffer: 1024 * 1024,
      })
      return stdout.trim() || null
    } catch {
      return null
    }
  }
  const sha = await git('rev-parse', '--verify', 'HEAD')
  if (sha === null) return { sha: null, branch: null, message: null }
  return {
    sha,
    branch: await git('symbolic-ref', '--short', '--quiet', 'HEAD'),
    message: (await git('show', '--no-patch', '--format=%B', 'HEAD'))?.slice(0, MAX_MESSAGE) ?? null,
  }
}

/**
 * Runs the `git` binary, without a shell and without the machine's own git configuration.
 * Knows nothing of repositories or of GitHub; every other file of this folder goes through it.
 */
import { execFile } from 'node:child_process'

/** Why a git command could not be carried out. `git-missing` is the machine's fault, `git-failed` ours. */
export class GitFault extends Error {
  readonly code: 'git-missing' | 'git-failed'
  readonly retryable = false

  constructor(code: 'git-missing' | 'git-failed', message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GitFault'
    this.code = code
  }
}

export type GitOptions = {
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** Exit codes that are answers, not faults; 0 always is one. */
  readonly answers?: readonly number[]
}

export type GitOutput = { readonly code: number; readonly stdout: Buffer; readonly text: string }

/** The largest answer held in memory; a sandbox repository is far below it. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** The environment in which git behaves the same on every machine: no user or system configuration, no prompts, English. */
export const gitEnvironment = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...extra,
})

export const gitMissing = (cause: unknown): GitFault =>
  new GitFault(
    'git-missing',
    'The sandbox keeps its repositories with the `git` command, which was not found. Install it (Debian: apt-get install git).',
    { cause },
  )

/** Runs `git <args>` in a bare repository and returns its output; a GitFault when it fails or git is not installed. */
export const runGit = (dir: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['--git-dir', dir, ...args],
      { env: gitEnvironment(options.env), encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        if (typeof code === 'number' && (code === 0 || options.answers?.includes(code) === true)) {
          resolve({ code, stdout, text: stdout.toString('utf8') })
        } else if (code === 'ENOENT') {
          reject(gitMissing(error))
        } else {
          reject(
            new GitFault('git-failed', `git ${args[0] ?? ''} failed: ${stderr.toString('utf8').trim()}`, {
              cause: error,
            }),
          )
        }
      },
    )
    // A process that ends before it has read its input closes the pipe; its exit code tells the story.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })

/** The search paths on which git was found; what was there once is not asked for again. */
const found = new Set<string | undefined>()

/** Throws a GitFault when git is not installed. */
export const demandGit = async (): Promise<void> => {
  const path = process.env['PATH']
  if (found.has(path)) return
  await runGit('.', ['version'])
  found.add(path)
}

/**
 * git's smart HTTP protocol for one bare repository, answered by git's own `git http-backend` as a CGI program.
 * Who may read or push, and which repository a URL means, is decided before; this file only carries bytes.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { gitEnvironment, gitMissing, GitFault } from './git-process.ts'
import type { RefMove } from './git-refs.ts'
import type { GitRepository, GitStore } from './git-store.ts'

export const GIT_SERVICES = ['git-upload-pack', 'git-receive-pack'] as const
export type GitService = (typeof GIT_SERVICES)[number]

/** The service that a smart-HTTP request is about, or undefined for the old dumb protocol and anything else. */
export const serviceOf = (rest: string, query: URLSearchParams): GitService | undefined =>
  GIT_SERVICES.find((name) => rest === name || (rest === 'info/refs' && query.get('service') === name))

export type SmartHttpRequest = {
  readonly repository: GitRepository
  /** What follows `/owner/name.git/`: `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  readonly rest: string
  readonly request: Request
  /** The login that git's own log and hooks see. */
  readonly login: string
  /** Whether a push may change workflow files. */
  readonly workflows: boolean
}

export type SmartHttpAnswer = {
  readonly response: Response
  /** The refs that a push moved, as git's own post-receive hook named them; empty for reads and refused pushes. */
  readonly moved: readonly RefMove[]
}

const environment = (store: GitStore, input: SmartHttpRequest, pushLog: string): Record<string, string> => {
  const { repository, rest, request, login, workflows } = input
  const header = (name: string): string => request.headers.get(name) ?? ''
  return gitEnvironment({
    GIT_PROJECT_ROOT: store.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header('git-protocol'),
    PATH_INFO: `/${repository.id}.git/${rest}`,
    QUERY_STRING: new URL(request.url).search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    ...(request.headers.has('content-length') && { CONTENT_LENGTH: header('content-length') }),
    REMOTE_USER: login,
    REMOTE_ADDR: '127.0.0.1',
    SANDBOX_PUSH_LOG: pushLog,
    ...(!workflows && { SANDBOX_NO_WORKFLOWS: '1' }),
  })
}

/** Splits a CGI answer into status, headers and body. */
const parseCgi = (output: Buffer): Response => {
  const end = output.indexOf('\r\n\r\n')
  if (end === -1) {
    throw new GitFault('git-failed', 'git http-backend answered without headers')
  }
  const headers = new Headers()
  let status = 200
  for (const line of output.toString('latin1', 0, end).split('\r\n')) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()]
    if (name.toLowerCase() === 'status') {
      status = Number.parseInt(value, 10)
    } else {
      headers.append(name, value)
    }
  }
  return new Response(new Uint8Array(output.subarray(end + 4)), { status, headers })
}

const run = (env: Record<string, string>, request: Request): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const problems: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => problems.push(chunk))
    child.on('error', (cause) => reject(gitMissing(cause)))
    child.on('close', () => {
      if (output.length > 0) {
        resolve(Buffer.concat(output))
      } else {
        reject(
          new GitFault('git-failed', `git http-backend failed: ${Buffer.concat(problems).toString('utf8').trim()}`),
        )
      }
    })
    const body = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body)
    // git may refuse before it has read everything; its answer counts, not the broken pipe.
    pipeline(body, child.stdin).catch(() => child.stdin.destroy())
  })

const parseMoves = (text: string): readonly RefMove[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = '', ref = ''] = line.split(' ')
      return { ref, before, after }
    })

/** Answers one smart-HTTP request; resolves when git has finished, so that `moved` is final. */
export const serveSmartHttp = async (store: GitStore, input: SmartHttpRequest): Promise<SmartHttpAnswer> => {
  const pushLog = join(store.root, `push-${randomUUID()}`)
  try {
    const response = parseCgi(await run(environment(store, input, pushLog), input.request))
    return { response, moved: parseMoves(await readFile(pushLog, 'utf8').catch(() => '')) }
  } finally {
    await rm(pushLog, { force: true })
  }
}

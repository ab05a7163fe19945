/** Puts files into a repository as a person does: one commit pushed to main over HTTP. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import type { Files } from '../bugs/widgets.ts'

const run = promisify(execFile)

export interface PutInput {
  /** `http://127.0.0.1:…/acme/widgets.git`. */
  readonly remote: string
  readonly login: string
  readonly token: string
  readonly files: Files
  readonly remove: readonly string[]
  readonly message: string
}

/** The new head of main. */
export async function putFiles(input: PutInput): Promise<string> {
  const { login, remote, files } = input
  const folder = await mkdtemp(join(tmpdir(), 'put-'))
  const basic = Buffer.from(`${login}:${input.token}`).toString('base64')
  const settings = [
    `http.${new URL(remote).origin}/.extraheader=AUTHORIZATION: basic ${basic}`,
    `user.name=${login}`,
    `user.email=${login}@acme.example`,
  ].flatMap((setting) => ['-c', setting])
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (...args: string[]) =>
    (await run('git', [...settings, ...args], { cwd: folder, env })).stdout.trim()
  try {
    await git('clone', '--quiet', '--branch', 'main', remote, '.')
    for (const path of input.remove) await rm(join(folder, path), { force: true })
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    await git('add', '--all')
    await git('commit', '--quiet', '--message', input.message)
    await git('push', '--quiet', 'origin', 'HEAD:refs/heads/main')
    return await git('rev-parse', 'HEAD')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

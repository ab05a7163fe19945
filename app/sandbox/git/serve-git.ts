/**
 * `git clone` and `git push` over HTTP: finds the repository of a URL, decides with GitHub's words who may read and who
 * may push, and tells the world which refs a push moved.
 */
import type { Hono } from 'hono'

import { covers, maySee, roleOf } from '../auth/access.ts'
import { authenticate } from '../auth/authenticate.ts'
import { actingAccount, type Caller } from '../auth/caller.ts'
import { notePush } from '../changes/push.ts'
import { roleAtLeast } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import { fullName } from '../render/repository.ts'
import { sameLogin } from '../routes/repositories.ts'
import type { World } from '../world.ts'
import { type GitService, serveSmartHttp, serviceOf } from './smart-http.ts'
import { mayChangeWorkflows } from './workflow-guard.ts'
import { gitOf, gitStoreOf } from './world-git.ts'

const text = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  new Response(`${message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } })

const askForPassword = () => text(401, 'Authentication required', { 'www-authenticate': 'Basic realm="GitHub"' })

function callerOf(world: World, header: string | undefined): Caller | undefined {
  try {
    return authenticate(world, header)
  } catch {
    return undefined
  }
}

/** Whether the caller may push to the repository. */
export function mayPush(world: World, caller: Caller, repository: Repository): boolean {
  if (repository.archived) return false
  switch (caller.kind) {
    case 'anonymous':
    case 'app':
      return false
    case 'user':
      return roleAtLeast(roleOf(repository, caller.userId), 'write')
    case 'workflow':
      return caller.repositoryId === repository.id && caller.permissions.contents === 'write'
    case 'installation':
      return covers(world, caller, repository) && caller.permissions.contents === 'write'
  }
}

/** The refusal, or null when the caller may use the service. */
function refusal(
  world: World,
  caller: Caller,
  repository: Repository | undefined,
  service: GitService,
): Response | null {
  if (!repository || !maySee(world, caller, repository)) {
    return caller.kind === 'anonymous' ? askForPassword() : text(404, 'Repository not found.')
  }
  if (service === 'git-upload-pack' || mayPush(world, caller, repository)) return null
  if (caller.kind === 'anonymous') return askForPassword()
  const login = actingAccount(world.state, caller)?.login ?? ''
  return text(403, `Permission to ${fullName(world, repository)}.git denied to ${login}.`)
}

function find(world: World, owner: string, name: string): Repository | undefined {
  const account = world.state.accounts.find((one) => sameLogin(one.login, owner))
  return world.state.repositories.find((one) => one.ownerId === account?.id && sameLogin(one.name, name))
}

export function mountGit(http: Hono, world: World): void {
  http.on(['GET', 'POST'], '/:owner/:name{.+\\.git}/:rest{.+}', async (c) => {
    const { owner, name, rest } = c.req.param()
    const service = serviceOf(rest, new URL(c.req.url).searchParams)
    if (service === undefined) return text(403, 'Please upgrade your git client: only smart HTTP is served.')
    const caller = callerOf(world, c.req.header('authorization'))
    if (!caller) return text(401, 'Invalid username or token.', { 'www-authenticate': 'Basic realm="GitHub"' })
    const repository = find(world, owner, name.replace(/\.git$/, ''))
    const refused = refusal(world, caller, repository, service)
    if (refused || !repository) return refused ?? text(404, 'Repository not found.')
    const login = actingAccount(world.state, caller)?.login ?? 'anonymous'
    const { response, moved } = await serveSmartHttp(gitStoreOf(world.state), {
      repository: gitOf(world.state, repository),
      rest,
      request: c.req.raw,
      login,
      workflows: mayChangeWorkflows(caller),
    })
    for (const move of moved) await notePush({ world, caller }, repository, move)
    return response
  })
}

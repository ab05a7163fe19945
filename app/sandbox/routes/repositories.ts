/** Reading repositories and who may do what on them. */
import { covers, maySee, roleOf } from '../auth/access.ts'
import type { Caller } from '../auth/caller.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Role } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import { renderAccount } from '../render/account.ts'
import { renderFullRepository, renderPermissions, renderRepository } from '../render/repository.ts'
import type { World } from '../world.ts'

export const repositoryRoutes = [
  defineRoute('repos/get', {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    who: ANYONE,
    permission: { metadata: 'read' },
    handle: (c) => ({ status: 200, body: renderFullRepository(c.world, c.repo, callerRole(c.caller, c.repo)) }),
  }),
  defineRoute('repos/get-collaborator-permission-level', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    who: SIGNED_IN,
    permission: { metadata: 'read' },
    handle(c) {
      const account = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.username))
      if (!account || account.type === 'Organization') throw notFound()
      const role = account.type === 'Bot' ? 'none' : roleOf(c.repo, account.id)
      const name = c.repo.customRoles[account.id] ?? role
      const user = { ...renderAccount(c.world, account), permissions: renderPermissions(role), role_name: name }
      return { status: 200, body: { permission: legacyPermission(role), role_name: name, user } }
    },
  }),
  defineRoute('apps/list-repos-accessible-to-installation', {
    method: 'GET',
    path: '/installation/repositories',
    who: ['installation'],
    permission: null,
    handle(c) {
      const rows = c.world.state.repositories.where(
        (one) => c.caller.kind === 'installation' && covers(c.world, c.caller, one),
      )
      const page = paginate(rows, c.url)
      return {
        status: 200,
        headers: page.headers,
        body: {
          total_count: rows.length,
          repository_selection: selectionOf(c.world, c.caller),
          repositories: page.rows.map((one) => renderRepository(c.world, one)),
        },
      }
    },
  }),
]

function selectionOf(world: World, caller: Caller): 'all' | 'selected' {
  const installation = caller.kind === 'installation' ? world.state.installations.get(caller.installationId) : undefined
  return installation?.repositories === 'all' ? 'all' : 'selected'
}

/** GitHub folds the two newer roles into the three that `permission` knows. */
export function legacyPermission(role: Role): string {
  if (role === 'triage') return 'read'
  return role === 'maintain' ? 'write' : role
}

export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** `acme/widgets` as this caller may see it, or undefined. */
export function findRepository(world: World, caller: Caller, owner: string, name: string): Repository | undefined {
  const account = world.state.accounts.find((one) => sameLogin(one.login, owner))
  const repository = world.state.repositories.find((one) => one.ownerId === account?.id && sameLogin(one.name, name))
  return repository && maySee(world, caller, repository) ? repository : undefined
}

function callerRole(caller: Caller, repository: Repository): Role {
  return caller.kind === 'user' ? roleOf(repository, caller.userId) : 'read'
}

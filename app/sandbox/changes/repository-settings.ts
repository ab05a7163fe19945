/** What an administrator changes of a repository: its name, description, default branch, archive, visibility, owner; each with its webhook. */
import { validationFailed } from '../http/errors.ts'
import type { Account } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import { renderAccount } from '../render/account.ts'
import { renderOrganization } from '../render/organization.ts'
import { rememberPlace } from '../routes/former-place.ts'
import { emit } from '../webhooks/emit.ts'
import type { World } from '../world.ts'
import type { Doer } from './doer.ts'

type RepositoryAction = 'archived' | 'unarchived' | 'edited' | 'privatized' | 'publicized' | 'renamed' | 'transferred'

export function renameRepository(doer: Doer, repository: Repository, name: string): Repository {
  const { world } = doer
  if (name === repository.name) return repository
  demandFree(world, repository.ownerId, name)
  if (!/^[\w.-]{1,100}$/.test(name)) throw validationFailed({ resource: 'Repository', field: 'name', code: 'invalid' })
  rememberPlace(world, repository)
  return change(doer, repository, { name }, 'renamed', { changes: { repository: { name: { from: repository.name } } } })
}

export function setArchived(doer: Doer, repository: Repository, archived: boolean): Repository {
  if (archived === repository.archived) return repository
  return change(doer, repository, { archived }, archived ? 'archived' : 'unarchived')
}

export function setPrivate(doer: Doer, repository: Repository, isPrivate: boolean): Repository {
  if (isPrivate === repository.private) return repository
  return change(doer, repository, { private: isPrivate }, isPrivate ? 'privatized' : 'publicized')
}

export function describeRepository(
  doer: Doer,
  repository: Repository,
  text: { readonly description?: string | null; readonly defaultBranch?: string },
): Repository {
  const { description = repository.description, defaultBranch = repository.defaultBranch } = text
  const changes = {
    ...(description !== repository.description && { description: { from: repository.description } }),
    ...(defaultBranch !== repository.defaultBranch && { default_branch: { from: repository.defaultBranch } }),
  }
  if (Object.keys(changes).length === 0) return repository
  return change(doer, repository, { description, defaultBranch }, 'edited', { changes })
}

/** Apps that are not installed at the new owner hear nothing more of it, this event included. */
export function transferRepository(doer: Doer, repository: Repository, to: Account): Repository {
  const { world } = doer
  const from = world.state.accounts.get(repository.ownerId)
  if (!from) throw new Error(`repository ${repository.id} has no owner`)
  demandFree(world, to.id, repository.name)
  rememberPlace(world, repository)
  const former =
    from.type === 'Organization'
      ? { organization: renderOrganization(world, from) }
      : { user: renderAccount(world, from) }
  return change(doer, repository, { ownerId: to.id }, 'transferred', { changes: { owner: { from: former } } })
}

function demandFree(world: World, ownerId: number, name: string): void {
  const taken = world.state.repositories.find(
    (one) => one.ownerId === ownerId && one.name.toLowerCase() === name.toLowerCase(),
  )
  if (taken)
    throw validationFailed({
      resource: 'Repository',
      field: 'name',
      code: 'custom',
      message: 'name already exists on this account',
    })
}

function change(
  doer: Doer,
  repository: Repository,
  to: Partial<Repository>,
  action: RepositoryAction,
  extra: Readonly<Record<string, unknown>> = {},
): Repository {
  const { world, caller } = doer
  const next = world.state.repositories.update(repository.id, { ...to, updatedAt: world.clock.now() })
  emit(world, 'repository', action, {
    repository: next,
    caller,
    payload: extra,
  })
  return next
}

/**
 * What a caller may do on a repository. Two kinds of power: an App's (or run's) permissions, and a person's role.
 * Hidden things are 404; visible but not allowed is 403.
 */
import { forbidden, notAccessible, notFound } from '../http/errors.ts'
import type { PermissionName, Permissions, Role } from '../model/account.ts'
import { roleAtLeast } from '../model/account.ts'
import { assertNever } from '../model/assert-never.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'
import type { Caller } from './caller.ts'

/** A person's role on a repository; read for everyone on a public one. */
export function roleOf(repository: Repository, accountId: number): Role {
  return repository.collaborators[accountId] ?? (repository.private ? 'none' : 'read')
}

export function maySee(world: World, caller: Caller, repository: Repository): boolean {
  if (!repository.private) return true
  switch (caller.kind) {
    case 'anonymous':
    case 'app':
      return false
    case 'user':
      return roleOf(repository, caller.userId) !== 'none'
    case 'workflow':
      return caller.repositoryId === repository.id
    case 'installation':
      return covers(world, caller, repository)
    default:
      return assertNever(caller)
  }
}

/** Whether an installation token reaches the repository at all. */
export function covers(
  world: World,
  caller: Extract<Caller, { kind: 'installation' }>,
  repository: Repository,
): boolean {
  const installation = world.state.installations.get(caller.installationId)
  return (
    installation?.accountId === repository.ownerId &&
    (installation.repositories === 'all' || installation.repositories.includes(repository.id)) &&
    (caller.repositories === 'all' || caller.repositories.includes(repository.id))
  )
}

export interface Need {
  /** Any one suffices; null: none needed. */
  readonly permission: Permissions | null
  readonly role?: Role
  /** A read on a public repository needs no permission for it. */
  readonly write: boolean
  readonly evenArchived?: boolean
}

/** Throws GitHub's 404 or 403 unless the caller may do what the route needs on this repository. */
export function demandAccess(world: World, caller: Caller, repository: Repository, need: Need): void {
  if (!maySee(world, caller, repository)) throw notFound()
  if (need.write && repository.archived && !need.evenArchived)
    throw forbidden('Repository was archived so is read-only.')
  switch (caller.kind) {
    case 'anonymous':
    case 'app':
      return
    case 'user': {
      const needed = need.role ?? 'read'
      if (!roleAtLeast(roleOf(repository, caller.userId), needed)) throw forbidden(roleMessage(needed))
      return
    }
    case 'workflow':
    case 'installation': {
      const reaches =
        caller.kind === 'workflow' ? caller.repositoryId === repository.id : covers(world, caller, repository)
      if (reaches && grants(caller.permissions, need.permission)) return
      if (!need.write && !repository.private) return
      throw notAccessible(describeNeed(need.permission))
    }
  }
}

/** Whether granted permissions hold any one of the needed; write includes read. */
export function grants(granted: Permissions, needed: Permissions | null): boolean {
  if (needed === null) return true
  return Object.entries(needed).some(([name, level]) => {
    const has = granted[name as PermissionName]
    return has === 'write' || has === level
  })
}

function describeNeed(needed: Permissions | null): string {
  return Object.entries(needed ?? {})
    .map(([name, level]) => `${name}=${level}`)
    .join('; ')
}

function roleMessage(needed: Role): string {
  return needed === 'admin' ? 'Must have admin rights to Repository.' : `Must have ${needed} access to Repository.`
}

/** The role on a repository, from GitHub's answer. An organisation's own role counts as the one of GitHub's that it builds on. */
import { ROLES, type Role } from '../../../domain/actor.ts'

/** Highest first: GitHub names the same things otherwise here. */
const PERMISSIONS = [
  ['admin', 'admin'],
  ['maintain', 'maintain'],
  ['push', 'write'],
  ['triage', 'triage'],
  ['pull', 'read'],
] as const satisfies readonly (readonly [string, Role])[]

/**
 * `permission` knows neither triage nor maintain and shows them as read and write. The role's own name goes first; one that an
 * organisation made up says nothing, and then what its holder may do tells which role it builds on.
 */
export const roleFrom = (data: {
  readonly permission: string
  readonly role_name?: string
  readonly user?: { readonly permissions?: Readonly<Record<string, boolean | undefined>> } | null
}): Role => {
  const named = ROLES.find((role) => role === data.role_name)
  if (named !== undefined) return named
  const may = data.user?.permissions
  const highest = may === undefined ? undefined : PERMISSIONS.find(([permission]) => may[permission] === true)
  return highest?.[1] ?? ROLES.find((role) => role === data.permission) ?? 'none'
}

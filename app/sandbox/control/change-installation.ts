/** Does to an installation what its owner can in GitHub's settings, from untrusted JSON; the answer is what is wrong, or null. */
import { acceptPermissions, chooseRepositories, suspendInstallation, uninstall } from '../changes/installations.ts'
import { PERMISSION_NAMES, type Permissions } from '../model/account.ts'
import type { World } from '../world.ts'

/** `{suspended?: boolean, repositories?: 'all' | string[], permissions?, deleted?: true}`; done by the seeded admin. */
export function changeInstallation(world: World, id: number, change: unknown): string | null {
  const installation = world.state.installations.get(id)
  const admin = world.state.accounts.find((one) => one.login === 'alice')
  if (!installation || !admin) return `There is no installation ${id}.`
  if (change === null || typeof change !== 'object')
    return 'Send {suspended}, {repositories}, {permissions} or {deleted}.'
  const { suspended, repositories, permissions, deleted } = change as Readonly<Record<string, unknown>>
  if (suspended !== undefined && typeof suspended !== 'boolean') return '`suspended` is true or false.'
  const chosen = repositories === undefined ? undefined : chosenIds(world, repositories)
  if (chosen === null) return "`repositories` is 'all' or a list of names that exist."
  const granted = permissions === undefined ? undefined : permissionsIn(permissions)
  if (granted === null) return `\`permissions\` has the names ${PERMISSION_NAMES.join(', ')}, each read or write.`
  if (chosen !== undefined) chooseRepositories(world, installation, chosen, admin)
  const current = () => world.state.installations.get(id) ?? installation
  if (granted) acceptPermissions(world, current(), granted, admin)
  if (suspended !== undefined) suspendInstallation(world, current(), suspended, admin)
  if (deleted === true) uninstall(world, current(), admin)
  return null
}

function permissionsIn(given: unknown): Permissions | null {
  if (given === null || typeof given !== 'object') return null
  const names: readonly string[] = PERMISSION_NAMES
  const fits = Object.entries(given).every(
    ([name, level]) => names.includes(name) && (level === 'read' || level === 'write'),
  )
  return fits ? { metadata: 'read', ...(given as Permissions) } : null
}

function chosenIds(world: World, names: unknown): 'all' | number[] | null {
  if (names === 'all') return 'all'
  if (!Array.isArray(names)) return null
  const found = names.map((name) => world.state.repositories.find((one) => one.name === name)?.id)
  return found.every((id) => id !== undefined) ? found : null
}

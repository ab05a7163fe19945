/** Suspends an installation or chooses its repositories, from untrusted JSON; the answer is what is wrong, or null. */
import { chooseRepositories, suspendInstallation } from '../changes/installations.ts'
import type { World } from '../world.ts'

/** `{suspended?: boolean, repositories?: 'all' | string[]}`, repositories by name; done by the seeded admin. */
export function changeInstallation(world: World, id: number, change: unknown): string | null {
  const installation = world.state.installations.get(id)
  const admin = world.state.accounts.find((one) => one.login === 'alice')
  if (!installation || !admin) return `There is no installation ${id}.`
  if (change === null || typeof change !== 'object') return 'Send {suspended} or {repositories}.'
  const { suspended, repositories } = change as { suspended?: unknown; repositories?: unknown }
  if (suspended !== undefined && typeof suspended !== 'boolean') return '`suspended` is true or false.'
  const chosen = repositories === undefined ? undefined : chosenIds(world, repositories)
  if (chosen === null) return "`repositories` is 'all' or a list of names that exist."
  if (chosen !== undefined) chooseRepositories(world, installation, chosen, admin)
  const current = world.state.installations.get(id)
  if (suspended !== undefined && current) suspendInstallation(world, current, suspended, admin)
  return null
}

function chosenIds(world: World, names: unknown): 'all' | number[] | null {
  if (names === 'all') return 'all'
  if (!Array.isArray(names)) return null
  const found = names.map((name) => world.state.repositories.find((one) => one.name === name)?.id)
  return found.every((id) => id !== undefined) ? found : null
}

/**
 * What an organisation's owner does with an installed App in GitHub's settings: suspend it, choose its repositories, accept
 * permissions, take it off. The
 * App is told whatever it subscribes to. No API route does this; the control surface does.
 */
import { violationsOfPayload } from '../description/check-answer.ts'
import type { Account, Installation, Permissions } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import { renderAccount } from '../render/account.ts'
import { renderInstallation } from '../render/app.ts'
import { renderOrganization } from '../render/organization.ts'
import { fullName } from '../render/repository.ts'
import type { World } from '../world.ts'

export function suspendInstallation(world: World, installation: Installation, suspended: boolean, by: Account): void {
  if ((installation.suspendedAt !== null) === suspended) return
  const suspendedAt = suspended ? world.clock.now() : null
  const next = world.state.installations.update(installation.id, { suspendedAt })
  tell(world, next, 'installation', suspended ? 'suspend' : 'unsuspend', by, {})
}

export function chooseRepositories(
  world: World,
  installation: Installation,
  chosen: Installation['repositories'],
  by: Account,
): void {
  const before = reached(world, installation)
  const next = world.state.installations.update(installation.id, { repositories: chosen })
  const after = reached(world, next)
  const added = after.filter((id) => !before.includes(id))
  const removed = before.filter((id) => !after.includes(id))
  const common = { repository_selection: chosen === 'all' ? 'all' : 'selected', requester: null }
  const send = (action: 'added' | 'removed', lists: object) =>
    tell(world, next, 'installation_repositories', action, by, { ...common, ...lists })
  if (added.length > 0) send('added', { repositories_added: short(world, added), repositories_removed: [] })
  if (removed.length > 0) send('removed', { repositories_added: [], repositories_removed: short(world, removed) })
}

/** The owner agrees to what the App asks for now. Tokens that were made before keep what they had. */
export function acceptPermissions(
  world: World,
  installation: Installation,
  permissions: Permissions,
  by: Account,
): void {
  const next = world.state.installations.update(installation.id, { permissions })
  tell(world, next, 'installation', 'new_permissions_accepted', by, {})
}

/** Its tokens open nothing any more. */
export function uninstall(world: World, installation: Installation, by: Account): void {
  const repositories = short(world, reached(world, installation))
  world.state.installations.delete(installation.id)
  tell(world, installation, 'installation', 'deleted', by, { repositories })
}

function reached(world: World, installation: Installation): number[] {
  const owned = world.state.repositories.where((one) => one.ownerId === installation.accountId).map((one) => one.id)
  const { repositories } = installation
  return repositories === 'all' ? owned : owned.filter((id) => repositories.includes(id))
}

function short(world: World, ids: readonly number[]) {
  return world.state.repositories
    .where((one) => ids.includes(one.id))
    .map((one) => ({
      id: one.id,
      node_id: nodeId('Repository', one.id),
      name: one.name,
      full_name: fullName(world, one),
      private: one.private,
    }))
}

function tell(
  world: World,
  installation: Installation,
  event: 'installation' | 'installation_repositories',
  action: string,
  by: Account,
  extra: object,
): void {
  const owner = world.state.accounts.get(installation.accountId)
  const body = {
    action,
    installation: renderInstallation(world, installation),
    ...extra,
    ...(owner?.type === 'Organization' && { organization: renderOrganization(world, owner) }),
    sender: renderAccount(world, by),
  }
  const violations = violationsOfPayload(event, action, body)
  for (const violation of violations) world.log.recordViolation(violation)
  world.deliveries.enqueue({
    appId: installation.appId,
    installationId: installation.id,
    repositoryId: null,
    event,
    action,
    body: JSON.stringify(body),
    violations,
  })
}

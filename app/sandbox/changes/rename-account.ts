/** An organisation or user takes another login: every repository's name with it, the old names answer with redirects. No API route does this. */
import { violationsOfPayload } from '../description/check-answer.ts'
import type { Account } from '../model/account.ts'
import { renderAccount } from '../render/account.ts'
import { renderOrganization } from '../render/organization.ts'
import { rememberPlace } from '../routes/former-place.ts'
import type { World } from '../world.ts'

/** Every App that is installed there is told, without subscribing. */
export function renameAccount(world: World, account: Account, login: string, by: Account): Account {
  const { state } = world
  for (const repository of state.repositories.where((one) => one.ownerId === account.id))
    rememberPlace(world, repository)
  const next = state.accounts.update(account.id, { login })
  for (const installation of state.installations.where((one) => one.accountId === account.id)) {
    const body = {
      action: 'renamed',
      account: renderAccount(world, next),
      changes: { login: { from: account.login } },
      installation: { id: installation.id, node_id: `MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u${installation.id}` },
      ...(next.type === 'Organization' && { organization: renderOrganization(world, next) }),
      sender: renderAccount(world, by),
      target_type: next.type,
    }
    const violations = violationsOfPayload('installation_target', 'renamed', body)
    for (const violation of violations) world.log.recordViolation(violation)
    world.deliveries.enqueue({
      appId: installation.appId,
      installationId: installation.id,
      repositoryId: null,
      event: 'installation_target',
      action: 'renamed',
      body: JSON.stringify(body),
      violations,
    })
  }
  return next
}

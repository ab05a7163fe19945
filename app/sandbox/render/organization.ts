/** An organisation as webhook payloads carry it. */
import type { WebhookSchema } from '../http/description-types.ts'
import type { Account } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import type { World } from '../world.ts'

export function renderOrganization(world: World, account: Account) {
  const url = `${world.origin()}/orgs/${encodeURIComponent(account.login)}`
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('Organization', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.origin()}/_sandbox/avatars/${account.id}`,
    description: null,
  } satisfies WebhookSchema<'organization-simple-webhooks'>
}

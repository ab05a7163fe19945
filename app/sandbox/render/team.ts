/** A team as REST shows it. */
import type { Schema } from '../http/description-types.ts'
import type { Account } from '../model/account.ts'
import type { Team } from '../model/team.ts'
import type { World } from '../world.ts'

export function renderTeam(world: World, org: Account, team: Team) {
  const url = `${world.origin()}/organizations/${org.id}/team/${team.id}`
  return {
    id: team.id,
    node_id: `T_${Buffer.from(`Team:${team.id}`).toString('base64url')}`,
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: `${world.origin()}/orgs/${org.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: org.id,
    parent: null,
  } satisfies Schema<'team'>
}

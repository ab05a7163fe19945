/** Who belongs to an organisation and to its teams: what rights by team are read from. */
import { grants } from '../auth/access.ts'
import { installationOf } from '../auth/caller.ts'
import type { Context } from '../http/context.ts'
import { notAccessible, notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { defineRoute } from '../http/route.ts'
import type { Account } from '../model/account.ts'
import { orgMembersOf, type Team, teamsOf } from '../model/team.ts'
import { renderAccountId } from '../render/account.ts'
import { renderOrganization } from '../render/organization.ts'
import { renderTeam } from '../render/team.ts'
import { sameLogin } from './repositories.ts'

type At = Pick<Context, 'world' | 'caller'>
const WHO = ['user', 'installation'] as const

export const teamRoutes = [
  defineRoute('teams/list', {
    method: 'GET',
    path: '/orgs/{org}/teams',
    who: WHO,
    permission: null,
    takes: [],
    handle(c) {
      const org = visibleOrg(c, c.params.org)
      const page = paginate(
        teamsOf(c.world.state).where((one) => one.orgId === org.id, c.asOf),
        c.url,
      )
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderTeam(c.world, org, one)) }
    },
  }),
  defineRoute('teams/list-members-in-org', {
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/members',
    who: WHO,
    permission: null,
    takes: ['role'],
    handle(c) {
      const team = visibleTeam(c, c.params.org, c.params.team_slug)
      const role = c.query.get('role') ?? 'all'
      const ids = Object.entries(team.members).filter(([, is]) => role === 'all' || is === role)
      const page = paginate(ids, c.url)
      return { status: 200, headers: page.headers, body: page.rows.map(([id]) => renderAccountId(c.world, Number(id))) }
    },
  }),
  defineRoute('teams/get-membership-for-user-in-org', {
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    who: WHO,
    permission: null,
    handle(c) {
      const team = visibleTeam(c, c.params.org, c.params.team_slug)
      const account = accountNamed(c, c.params.username)
      const role = account && team.members[account.id]
      if (!account || !role) throw notFound()
      const url = `${c.world.origin()}/organizations/${team.orgId}/team/${team.id}/memberships/${account.login}`
      return { status: 200, body: { url, role, state: 'active' as const } }
    },
  }),
  defineRoute('orgs/get-membership-for-user', {
    method: 'GET',
    path: '/orgs/{org}/memberships/{username}',
    who: WHO,
    permission: null,
    handle(c) {
      const org = visibleOrg(c, c.params.org)
      const account = accountNamed(c, c.params.username)
      const member = orgMembersOf(c.world.state).find((one) => one.orgId === org.id && one.id === account?.id)
      if (!account || !member) throw notFound()
      const organization = renderOrganization(c.world, org)
      const url = `${c.world.origin()}/orgs/${org.login}/memberships/${account.login}`
      const body = {
        url,
        state: 'active' as const,
        role: member.role,
        organization_url: organization.url,
        organization,
        user: renderAccountId(c.world, account.id),
      }
      return { status: 200, body }
    },
  }),
]

/** 404 for outsiders; an App must be installed there with `members: read`. */
function visibleOrg(c: At, login: string): Account {
  const org = accountNamed(c, login)
  if (org?.type !== 'Organization') throw notFound()
  const { caller, world } = c
  if (caller.kind === 'installation') {
    if (installationOf(world.state, caller.appId, org.id)?.id !== caller.installationId) throw notFound()
    if (!grants(caller.permissions, { members: 'read' })) throw notAccessible('members=read')
    return org
  }
  const insider =
    caller.kind === 'user' &&
    orgMembersOf(world.state).find((one) => one.orgId === org.id && one.id === caller.userId) !== undefined
  if (!insider) throw notFound()
  return org
}

function visibleTeam(c: At, login: string, slug: string): Team {
  const org = visibleOrg(c, login)
  const team = teamsOf(c.world.state).find((one) => one.orgId === org.id && sameLogin(one.slug, slug))
  if (!team) throw notFound()
  return team
}

function accountNamed(c: At, login: string): Account | undefined {
  return c.world.state.accounts.find((one) => sameLogin(one.login, login))
}

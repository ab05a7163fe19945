/** Accounts as GitHub's REST shows them (simple-user), and its private and public full forms. */
import type { Schema } from '../http/description-types.ts'
import type { Account } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'

export function renderAccount(world: World, account: Account) {
  const path = encodeURIComponent(account.login)
  const url = `${world.origin()}/users/${path}`
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${world.origin()}/_sandbox/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url:
      account.type === 'Bot'
        ? `${world.origin()}/apps/${account.login.replace('[bot]', '')}`
        : `${world.origin()}/${path}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
    user_view_type: 'public',
  } satisfies Schema<'simple-user'>
}

/** The account of this id; throws when there is none, which is a bug here, not of the caller. */
export function renderAccountId(world: World, id: number) {
  const account = world.state.accounts.get(id)
  if (!account) throw new Error(`no account ${id}`)
  return renderAccount(world, account)
}

export function renderPublicUser(world: World, account: Account) {
  return {
    ...renderAccount(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: isoSeconds(account.createdAt),
    updated_at: isoSeconds(account.createdAt),
  } satisfies Schema<'public-user'>
}

export function renderPrivateUser(world: World, account: Account) {
  return {
    ...renderPublicUser(world, account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  } satisfies Schema<'private-user'>
}

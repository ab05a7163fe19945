/** Apps and installations as REST shows them. */
import type { Schema } from '../http/description-types.ts'
import type { App, Installation } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'

export function renderApp(world: World, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('App', app.id),
    owner: renderAccountId(world, app.ownerId),
    name: app.name,
    description: null,
    external_url: `${world.origin()}/apps/${app.slug}`,
    html_url: `${world.origin()}/apps/${app.slug}`,
    created_at: isoSeconds(app.createdAt),
    updated_at: isoSeconds(app.createdAt),
    permissions: { ...app.permissions },
    events: [...app.events],
  } satisfies Schema<'nullable-integration'>
}

/** `performed_via_github_app` of what this App wrote; null for people. */
export function renderAppId(world: World, id: number | null) {
  const app = id === null ? undefined : world.state.apps.get(id)
  return app ? renderApp(world, app) : null
}

export function renderInstallation(world: World, installation: Installation) {
  const app = world.state.apps.get(installation.appId)
  const account = world.state.accounts.get(installation.accountId)
  if (!app || !account) throw new Error(`installation ${installation.id} has no app or account`)
  const url = `${world.origin()}/app/installations/${installation.id}`
  return {
    id: installation.id,
    account: renderAccountId(world, installation.accountId),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.origin()}/installation/repositories`,
    html_url: `${world.origin()}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { ...installation.permissions },
    events: [...app.events],
    created_at: isoSeconds(installation.createdAt),
    updated_at: isoSeconds(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: isoSecondsOrNull(installation.suspendedAt),
  } satisfies Schema<'installation'>
}

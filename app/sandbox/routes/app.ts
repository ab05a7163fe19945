/** What an App does as itself: its installations, their tokens, its webhook. Delivery log routes are in deliveries.ts. */
import { installationOf } from '../auth/caller.ts'
import { grants } from '../auth/access.ts'
import type { AnswerOf } from '../http/description-types.ts'
import { badCredentials, forbidden, notFound, unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { APP_ONLY, defineRoute } from '../http/route.ts'
import type { App, Installation, Permissions } from '../model/account.ts'
import { isoSeconds } from '../model/time.ts'
import { renderApp, renderInstallation } from '../render/app.ts'
import { renderRepository } from '../render/repository.ts'
import type { World } from '../world.ts'
import { sameLogin } from './repositories.ts'

export const appRoutes = [
  defineRoute('apps/get-authenticated', {
    method: 'GET',
    path: '/app',
    who: APP_ONLY,
    permission: null,
    handle: (c) => ({
      status: 200,
      body: {
        ...renderApp(c.world, callingApp(c)),
        installations_count: installationsOf(c.world, callingApp(c)).length,
      },
    }),
  }),
  defineRoute('apps/list-installations', {
    method: 'GET',
    path: '/app/installations',
    who: APP_ONLY,
    permission: null,
    takes: [],
    handle(c) {
      const page = paginate(installationsOf(c.world, callingApp(c)), c.url)
      const rows: unknown = page.rows.map((one) => renderInstallation(c.world, one))
      // The type generator made an intersection of `anyOf: user, enterprise` in this one operation.
      return { status: 200, headers: page.headers, body: rows as AnswerOf<'apps/list-installations'>['body'] }
    },
  }),
  defineRoute('apps/get-installation', {
    method: 'GET',
    path: '/app/installations/{installation_id}',
    who: APP_ONLY,
    permission: null,
    handle: (c) => ({ status: 200, body: renderInstallation(c.world, ownInstallation(c, c.params.installation_id)) }),
  }),
  defineRoute('apps/create-installation-access-token', {
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    who: APP_ONLY,
    permission: null,
    handle(c) {
      const installation = ownInstallation(c, c.params.installation_id)
      if (installation.suspendedAt !== null) throw forbidden('This installation has been suspended')
      const permissions = narrowPermissions(installation, (c.body.permissions ?? {}) as Permissions)
      const repositories = narrowRepositories(c.world, installation, c.body.repository_ids, c.body.repositories)
      const minted = c.world.tokens.mintInstallation({
        appId: installation.appId,
        installationId: installation.id,
        permissions,
        repositories,
      })
      const listed =
        repositories === 'all' ? [] : c.world.state.repositories.where((one) => repositories.includes(one.id))
      return {
        status: 201,
        body: {
          token: minted.token,
          expires_at: isoSeconds(minted.expiresAt ?? 0),
          permissions: { ...permissions },
          repository_selection: repositories === 'all' ? ('all' as const) : ('selected' as const),
          ...(listed.length > 0 && { repositories: listed.map((one) => renderRepository(c.world, one)) }),
        },
      }
    },
  }),
  defineRoute('apps/get-repo-installation', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    who: APP_ONLY,
    permission: null,
    handle(c) {
      const owner = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.owner))
      const repository = c.world.state.repositories.find(
        (one) => one.ownerId === owner?.id && sameLogin(one.name, c.params.repo),
      )
      const installation = owner && installationOf(c.world.state, callingApp(c).id, owner.id)
      const covered =
        installation?.repositories === 'all' || (repository && installation?.repositories.includes(repository.id))
      if (!repository || !installation || !covered) throw notFound()
      return { status: 200, body: renderInstallation(c.world, installation) }
    },
  }),
  defineRoute('apps/get-org-installation', {
    method: 'GET',
    path: '/orgs/{org}/installation',
    who: APP_ONLY,
    permission: null,
    handle(c) {
      const owner = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.org))
      const installation = owner && installationOf(c.world.state, callingApp(c).id, owner.id)
      if (!installation) throw notFound()
      return { status: 200, body: renderInstallation(c.world, installation) }
    },
  }),
  defineRoute('apps/get-by-slug', {
    method: 'GET',
    path: '/apps/{app_slug}',
    who: ['anonymous', 'user', 'installation', 'workflow'],
    permission: null,
    handle(c) {
      const app = c.world.state.apps.find((one) => one.slug === c.params.app_slug)
      if (!app) throw notFound()
      return { status: 200, body: renderApp(c.world, app) }
    },
  }),
]

/** The App whose JWT this is. */
export function callingApp(c: { readonly app: App | null }): App {
  if (!c.app) throw badCredentials()
  return c.app
}

function installationsOf(world: World, app: App): Installation[] {
  return world.state.installations.where((one) => one.appId === app.id)
}

function ownInstallation(c: { readonly world: World; readonly app: App | null }, id: string): Installation {
  const installation = c.world.state.installations.get(Number(id))
  if (!installation || installation.appId !== callingApp(c).id) throw notFound()
  return installation
}

function narrowPermissions(installation: Installation, asked: Permissions): Permissions {
  if (Object.keys(asked).length === 0) return installation.permissions
  for (const [name, level] of Object.entries(asked)) {
    if (!grants(installation.permissions, { [name]: level }))
      throw unprocessable('The permissions requested are not granted to this installation.')
  }
  return { metadata: 'read', ...asked }
}

function narrowRepositories(
  world: World,
  installation: Installation,
  ids: readonly number[] | undefined,
  names: readonly string[] | undefined,
): 'all' | readonly number[] {
  if (!ids && !names) return installation.repositories
  const owned = world.state.repositories.where(
    (one) =>
      one.ownerId === installation.accountId &&
      (installation.repositories === 'all' || installation.repositories.includes(one.id)),
  )
  const wanted = [
    ...(ids ?? []).map((id) => owned.find((one) => one.id === id)),
    ...(names ?? []).map((name) => owned.find((one) => sameLogin(one.name, name))),
  ]
  if (wanted.some((one) => one === undefined))
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  return wanted.flatMap((one) => (one ? [one.id] : []))
}

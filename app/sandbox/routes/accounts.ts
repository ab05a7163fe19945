/** Accounts, and the few routes about the API itself. Rate limits are read here and kept in limits/. */
import { notFound } from '../http/errors.ts'
import { ANYONE, defineRoute } from '../http/route.ts'
import { renderPrivateUser, renderPublicUser } from '../render/account.ts'
import { sameLogin } from './repositories.ts'

export const accountRoutes = [
  defineRoute('users/get-authenticated', {
    method: 'GET',
    path: '/user',
    who: ['user'],
    permission: null,
    handle: (c) => ({ status: 200, body: renderPrivateUser(c.world, c.actor) }),
  }),
  defineRoute('users/get-by-username', {
    method: 'GET',
    path: '/users/{username}',
    who: ANYONE,
    permission: null,
    handle(c) {
      const account = c.world.state.accounts.find((one) => sameLogin(one.login, c.params.username))
      if (!account) throw notFound()
      return { status: 200, body: renderPublicUser(c.world, account) }
    },
  }),
  defineRoute('rate-limit/get', {
    method: 'GET',
    path: '/rate_limit',
    who: ['anonymous', 'user', 'app', 'installation', 'workflow'],
    permission: null,
    handle(c) {
      const core = c.world.limits.budget(c.caller, 'core')
      const graphql = c.world.limits.budget(c.caller, 'graphql')
      const search = c.world.limits.budget(c.caller, 'search')
      return { status: 200, body: { resources: { core, graphql, search }, rate: core } }
    },
  }),
]

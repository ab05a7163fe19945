/**
 * One API request from the wire to its answer: credential → limits → row → repository and rights → body → handler →
 * headers → log. The order is GitHub's: a bad credential is 401 even on a public path, a hidden repository 404 before 403.
 */
import type { Context as HonoContext } from 'hono'
import { actingAccount, actingApp, type Caller } from '../auth/caller.ts'
import { demandAccess } from '../auth/access.ts'
import { violationsOfAnswer } from '../description/check-answer.ts'
import type { Repository } from '../model/repository.ts'
import { formerly, pathByName } from '../routes/former-place.ts'
import { findRepository } from '../routes/repositories.ts'
import type { World } from '../world.ts'
import { answerRequest } from './answer-request.ts'
import type { Context } from './context.ts'
import { badCredentials, GitHubError, notAccessible, notFound, requiresAuthentication } from './errors.ts'
import type { Guard } from './guard.ts'
import { createMatchRoute } from './match-route.ts'
import { readBody } from './read-body.ts'
import { sendJson } from './send.ts'
import { strangersOf } from './strangers.ts'
import { unsupported } from './unsupported.ts'
import type { Route } from './route.ts'
import { NOT_STALE, readTime } from './staleness.ts'

export type Serve = (c: HonoContext) => Promise<Response>

export function createServe(world: World, routes: readonly Route[], guards: readonly Guard[]): Serve {
  const match = createMatchRoute(routes)
  return (c) => {
    const url = new URL(c.req.url)
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
    return answerRequest(world, guards, c.req.raw, (caller) => {
      const found = match(method, pathByName(world, url.pathname))
      if (!found) throw unsupported(world, `${method} ${url.pathname}`)
      const { route, params } = found
      return {
        route: `${method} ${route.path}`,
        weight: {
          resource: route.path.startsWith('/search/') ? 'search' : 'core',
          points: method === 'GET' ? 1 : 5,
          cost: 1,
          creations: route.createsContent ? 1 : 0,
          ...(route.path === '/rate_limit' && { free: true }),
        },
        run: async () => {
          const answer = await run(world, caller, route, params, url, c.req.raw)
          if (answer instanceof Response) return answer
          for (const violation of violationsOfAnswer(route.operationId, answer.status, answer.body))
            world.log.recordViolation(violation)
          return sendJson(c.req.raw, answer)
        },
      }
    })
  }
}

async function run(
  world: World,
  caller: Caller,
  route: Route,
  params: Readonly<Record<string, string>>,
  url: URL,
  request: Request,
) {
  demandKind(caller, route)
  const repository = repositoryOf(
    world,
    caller,
    route,
    params,
    `${url.pathname.split('/').slice(4).join('/')}${url.search}`,
  )
  const { bytes, body } = await readBody(request, route)
  const [stranger] = strangersOf(route, url, request.headers, body)
  if (stranger !== undefined) throw unsupported(world, `${route.method} ${route.path} with ${stranger}`)
  const app = actingApp(world.state, caller) ?? null
  const context: Context = {
    world,
    caller,
    app,
    params,
    url,
    query: url.searchParams,
    headers: request.headers,
    body,
    bytes,
    asOf: route.method === 'GET' ? readTime(world) : NOT_STALE,
    get actor() {
      const account = caller.kind === 'app' ? undefined : actingAccount(world.state, caller)
      if (!account) throw requiresAuthentication()
      return account
    },
    get repo() {
      if (!repository) throw new Error(`${route.path} has no repository`)
      return repository
    },
  }
  return route.handle(context)
}

function demandKind(caller: Caller, route: Route): void {
  if (route.who.includes(caller.kind)) return
  if (caller.kind === 'anonymous') throw requiresAuthentication()
  if (route.who.length === 1 && route.who[0] === 'app')
    throw new GitHubError(401, 'A JSON web token could not be decoded')
  if (caller.kind === 'app') throw badCredentials()
  throw notAccessible()
}

function repositoryOf(
  world: World,
  caller: Caller,
  route: Route,
  params: Readonly<Record<string, string>>,
  /** The path below the repository, with the query. */
  rest: string,
): Repository | undefined {
  const { owner, repo } = params
  if (owner === undefined || repo === undefined || caller.kind === 'app') return undefined
  const repository = findRepository(world, caller, owner, repo)
  if (!repository) throw formerly(world, caller, owner, repo, route.method, rest) ?? notFound()
  const write = route.method !== 'GET'
  demandAccess(world, caller, repository, {
    permission: route.permission,
    write,
    ...(route.evenArchived && { evenArchived: true }),
    ...(route.role && { role: route.role }),
  })
  return repository
}

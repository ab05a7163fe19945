/**
 * One API request from the wire to its answer: credential → limits → row → repository and rights → body → handler →
 * headers → log. The order is GitHub's: a bad credential is 401 even on a public path, a hidden repository 404 before 403.
 */
import type { Context as HonoContext } from 'hono'
import { authenticate } from '../auth/authenticate.ts'
import { actingAccount, actingApp, actorClass, type Caller } from '../auth/caller.ts'
import { demandAccess } from '../auth/access.ts'
import type { Repository } from '../model/repository.ts'
import { findRepository } from '../routes/repositories.ts'
import type { World } from '../world.ts'
import type { Context } from './context.ts'
import { badCredentials, GitHubError, notAccessible, notFound, requiresAuthentication } from './errors.ts'
import type { Guard } from './guard.ts'
import { createMatchRoute } from './match-route.ts'
import { readBody } from './read-body.ts'
import { sendError, sendJson } from './send.ts'
import type { Route } from './route.ts'

export type Serve = (c: HonoContext) => Promise<Response>

export function createServe(world: World, routes: readonly Route[], guards: readonly Guard[]): Serve {
  const match = createMatchRoute(routes)
  return async (c) => {
    const url = new URL(c.req.url)
    const path = url.pathname
    let caller: Caller = { kind: 'anonymous' }
    let found: ReturnType<typeof match>
    let answer: Response
    const extra: Record<string, string> = {}
    try {
      caller = authenticate(world, c.req.header('authorization'))
      found = match(c.req.method, path)
      const request = { world, caller, route: found?.route ?? null, method: c.req.method, url }
      for (const guard of guards) Object.assign(extra, guard.before(request))
      if (!found) {
        world.log.recordUnsupported(`${c.req.method} ${path}`)
        throw new GitHubError(501, `The sandbox does not know ${c.req.method} ${path}; add a row to its routes.`)
      }
      const result = await run(world, caller, found.route, found.params, url, c.req.raw)
      answer = result instanceof Response ? result : sendJson(c.req.raw, result)
      for (const guard of guards) Object.assign(extra, guard.after?.(request, answer))
    } catch (error) {
      answer = sendError(error)
    }
    for (const [name, value] of Object.entries(extra)) answer.headers.set(name, value)
    const method = c.req.method
    world.log.record({
      at: world.clock.now(),
      actor: actorClass(world.state, caller),
      login: actingAccount(world.state, caller)?.login ?? null,
      method,
      route: `${method} ${found?.route.path ?? path}`,
      path,
      status: answer.status,
      points: method === 'GET' || method === 'HEAD' ? 1 : 5,
    })
    return answer
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
  const repository = repositoryOf(world, caller, route, params)
  const { bytes, body } = await readBody(request, route)
  const app = actingApp(world.state, caller) ?? null
  const stale = route.method === 'GET' ? stalenessOf(world) : 0
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
    asOf: world.clock.now() - stale,
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
): Repository | undefined {
  const { owner, repo } = params
  if (owner === undefined || repo === undefined || caller.kind === 'app') return undefined
  const repository = findRepository(world, caller, owner, repo)
  if (!repository) throw notFound()
  const write = route.method !== 'GET'
  demandAccess(world, caller, repository, {
    permission: route.permission,
    write,
    ...(route.role && { role: route.role }),
  })
  return repository
}

/** How far back this read looks, in milliseconds: replicas lag on some reads, never by more than the switch says. */
function stalenessOf(world: World): number {
  const { staleListShare, staleListMs } = world.switches
  if (world.random.next('stale or not') >= staleListShare) return 0
  return Math.floor(world.random.next('staleness') * staleListMs)
}

/**
 * What REST and GraphQL share around a request: the credential, the limits, the log line, and errors in GitHub's format.
 * What the request means is decided by the two servers.
 */
import { authenticate } from '../auth/authenticate.ts'
import { actingAccount, actorClass, type Caller } from '../auth/caller.ts'
import type { World } from '../world.ts'
import type { Guard, GuardedRequest } from './guard.ts'
import { forbidden } from './errors.ts'
import { sendError } from './send.ts'

const NO_AGENT = 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.'

export interface Plan {
  /** For the log, e.g. `GET /repos/{owner}/{repo}`. */
  readonly route: string
  readonly weight: Omit<GuardedRequest, 'caller'>
  readonly run: () => Promise<Response>
}

/** `plan` may throw a GitHubError; it sees who calls. */
export async function answerRequest(
  world: World,
  guards: readonly Guard[],
  request: Request,
  plan: (caller: Caller) => Plan | Promise<Plan>,
): Promise<Response> {
  const path = new URL(request.url).pathname
  let caller: Caller = { kind: 'anonymous' }
  let planned: Plan | undefined
  let answer: Response
  const passed: { readonly guard: Guard; readonly guarded: GuardedRequest }[] = []
  try {
    if ((request.headers.get('user-agent') ?? '') === '') throw forbidden(NO_AGENT)
    caller = authenticate(world, request.headers.get('authorization') ?? undefined)
    planned = await plan(caller)
    const guarded = { caller, ...planned.weight }
    for (const guard of guards) {
      guard.before(guarded)
      passed.push({ guard, guarded })
    }
    answer = await planned.run()
  } catch (error) {
    answer = sendError(error)
  }
  // A handler's own Response may have headers that cannot be changed, such as a redirect's.
  const headers = new Headers(answer.headers)
  for (const { guard, guarded } of passed)
    for (const [name, value] of Object.entries(guard.after(guarded, answer.status))) headers.set(name, value)
  headers.set('x-github-request-id', requestId(world))
  world.log.record({
    at: world.clock.now(),
    actor: actorClass(world.state, caller),
    login: actingAccount(world.state, caller)?.login ?? null,
    method: request.method,
    route: planned?.route ?? `${request.method} ${path}`,
    path,
    status: answer.status,
    points: planned?.weight.points ?? 1,
  })
  return new Response(answer.body, { status: answer.status, headers })
}

/** Clients print it with errors. */
function requestId(world: World): string {
  const part = (digits: number) =>
    Math.floor(world.random.next('request id') * 16 ** digits)
      .toString(16)
      .toUpperCase()
  return `${part(4)}:${part(6)}:${part(7)}`
}

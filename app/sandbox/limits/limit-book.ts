/**
 * GitHub's rate limits, per identity: the primary budget of each hour (searches: each minute), and the secondary limits (points a minute, content
 * creations a minute and an hour, requests at once). It counts always and refuses only while `enforceLimits` is on.
 */
import type { Caller } from '../auth/caller.ts'
import type { Clock } from '../clock.ts'
import type { Guard, GuardedRequest, Resource } from '../http/guard.ts'
import { assertNever } from '../model/assert-never.ts'
import type { Switches } from '../switches.ts'
import { primaryExceeded, secondaryExceeded } from './exceeded.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const RESOURCES = ['core', 'graphql', 'search'] as const satisfies readonly Resource[]

/** Searches are counted by the minute, all else by the hour. */
const spanOf = (resource: Resource): number => (resource === 'search' ? MINUTE_MS : HOUR_MS)

/** Documented figures: REST's "Rate limits for the REST API" and GraphQL's "Rate limits and query limits". */
export const LIMITS = {
  perHour: { user: 5000, app: 5000, installation: 5000, workflow: 1000, anonymous: 60 },
  searchesPerMinute: { user: 30, app: 30, installation: 30, workflow: 30, anonymous: 10 },
  /** Searches are REST requests. */
  pointsPerMinute: { core: 900, graphql: 2000, search: 900 },
  creationsPerMinute: 80,
  creationsPerHour: 500,
  atOnce: 100,
} as const

export interface Budget {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Seconds since the Unix epoch. */
  readonly reset: number
}

export interface LimitBook extends Guard {
  budget(caller: Caller, resource: Resource): Budget
  /** The caller's requests that are being answered now. */
  atOnce(caller: Caller): number
}

interface Account {
  readonly windows: Record<Resource, { startedAt: number; used: number }>
  points: { readonly at: number; readonly points: number; readonly resource: Resource }[]
  creations: number[]
  atOnce: number
}

export function createLimitBook(clock: Clock, switches: Switches): LimitBook {
  const accounts = new Map<string, Account>()

  function accountOf(caller: Caller): Account {
    const key = identityOf(caller)
    const fresh = () => ({ startedAt: clock.now(), used: 0 })
    const account = accounts.get(key) ?? {
      windows: { core: fresh(), graphql: fresh(), search: fresh() },
      points: [],
      creations: [],
      atOnce: 0,
    }
    accounts.set(key, account)
    for (const resource of RESOURCES)
      if (clock.now() - account.windows[resource].startedAt >= spanOf(resource))
        Object.assign(account.windows[resource], fresh())
    account.points = account.points.filter((one) => one.at > clock.now() - MINUTE_MS)
    account.creations = account.creations.filter((at) => at > clock.now() - HOUR_MS)
    return account
  }

  function budget(caller: Caller, resource: Resource): Budget {
    const window = accountOf(caller).windows[resource]
    const limit = (resource === 'search' ? LIMITS.searchesPerMinute : LIMITS.perHour)[caller.kind]
    return {
      limit,
      used: window.used,
      remaining: Math.max(0, limit - window.used),
      reset: Math.ceil((window.startedAt + spanOf(resource)) / 1000),
    }
  }

  return {
    budget,
    atOnce: (caller) => accountOf(caller).atOnce,
    before(request) {
      const account = accountOf(request.caller)
      if (switches.enforceLimits && !request.free) {
        const left = budget(request.caller, request.resource)
        const headers = headersOf(left, request.resource)
        if (left.remaining < request.cost)
          throw primaryExceeded(switches, request.resource, identityOf(request.caller), headers)
        const wait = secondaryWait(account, request, clock.now())
        if (wait !== null) throw secondaryExceeded(switches, request.resource, headers, wait)
      }
      account.atOnce += 1
      if (request.free) return
      account.windows[request.resource].used += request.cost
      account.points.push({ at: clock.now(), points: request.points, resource: request.resource })
      for (let i = 0; i < request.creations; i++) account.creations.push(clock.now())
    },
    after(request, status) {
      const account = accountOf(request.caller)
      account.atOnce -= 1
      // A 304 costs nothing of the hour's budget; the minute's points stay spent.
      if (status === 304 && !request.free) account.windows[request.resource].used -= request.cost
      return headersOf(budget(request.caller, request.resource), request.resource)
    },
  }
}

/** Milliseconds until the tightest secondary limit has room again; null when there is room now. */
function secondaryWait(account: Account, request: GuardedRequest, now: number): number | null {
  const spent = account.points.filter((one) => one.resource === request.resource)
  const points = spent.reduce((sum, one) => sum + one.points, 0)
  const lastMinute = account.creations.filter((at) => at > now - MINUTE_MS)
  if (account.atOnce >= LIMITS.atOnce) return MINUTE_MS
  if (points + request.points > LIMITS.pointsPerMinute[request.resource])
    return untilFree(spent[0]?.at ?? now, MINUTE_MS, now)
  if (request.creations === 0) return null
  if (lastMinute.length + request.creations > LIMITS.creationsPerMinute)
    return untilFree(lastMinute[0] ?? now, MINUTE_MS, now)
  if (account.creations.length + request.creations > LIMITS.creationsPerHour)
    return untilFree(account.creations[0] ?? now, HOUR_MS, now)
  return null
}

function untilFree(oldest: number, span: number, now: number): number {
  return Math.max(1000, oldest + span - now)
}

function headersOf(budget: Budget, resource: string): Record<string, string> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(budget.remaining),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(budget.reset),
    'x-ratelimit-resource': resource,
  }
}

/** Whose budget a request spends: an installation's tokens share one, a repository's runs share one. */
function identityOf(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'user':
      return `user:${caller.userId}`
    case 'app':
      return `app:${caller.appId}`
    case 'installation':
      return `installation:${caller.installationId}`
    case 'workflow':
      return `repository:${caller.repositoryId}`
    default:
      return assertNever(caller)
  }
}

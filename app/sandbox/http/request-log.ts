/**
 * Every request that reached the sandbox's API, counted per actor class and per route, and the list of what was asked
 * for and is not supported, or answered against GitHub's description. Tests and the demo fail unless both are empty. No bodies, no tokens.
 */
import type { ActorClass } from '../auth/caller.ts'

/** The newest entries kept; counts go on for ever. */
const KEPT = 10_000
/** Routes counted by their own name, and remembered faults: clients may invent more. */
const NAMED = 1000
const OTHERS = '(other routes)'

export interface LoggedRequest {
  readonly at: number
  readonly actor: ActorClass
  readonly login: string | null
  readonly method: string
  /** `POST /repos/{owner}/{repo}/issues`, or `POST /graphql addComment,createLabel`. */
  readonly route: string
  readonly path: string
  readonly status: number
  /** Points against the secondary limit: REST reads 1, writes 5, GraphQL by its cost. A 304 costs them too. */
  readonly points: number
}

export interface RequestLog {
  record(entry: LoggedRequest): void
  /** Notes that something the sandbox does not know was asked for: `GET /repos/{…}` or `GraphQL Issue.foo`. */
  recordUnsupported(what: string): void
  /** Notes that the sandbox's own answer or payload departed from GitHub's description. */
  recordViolation(what: string): void
  readonly violations: readonly string[]
  readonly entries: readonly LoggedRequest[]
  readonly unsupported: readonly string[]
  counts(): RequestCounts
  clear(): void
}

export interface RequestCounts {
  readonly total: number
  readonly by_actor: Readonly<Record<ActorClass, number>>
  /** Actor → route → requests. */
  readonly by_route: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly points_by_actor: Readonly<Record<ActorClass, number>>
}

const none = (): Record<ActorClass, number> => ({ app: 0, action: 0, agent: 0, person: 0, anonymous: 0 })

/** Each once, and no more than are read anyway. */
function remember(list: string[], what: string): void {
  if (list.length < NAMED && !list.includes(what)) list.push(what)
}

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = []
  let unsupported: string[] = []
  let violations: string[] = []
  let byActor = none()
  let points = none()
  let byRoute: Record<string, Record<string, number>> = {}
  return {
    get entries() {
      return entries
    },
    get unsupported() {
      return unsupported
    },
    record(entry) {
      entries.push(entry)
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT)
      byActor[entry.actor] += 1
      points[entry.actor] += entry.points
      const routes = (byRoute[entry.actor] ??= {})
      const route = entry.route in routes || Object.keys(routes).length < NAMED ? entry.route : OTHERS
      routes[route] = (routes[route] ?? 0) + 1
    },
    get violations() {
      return violations
    },
    recordViolation: (what) => remember(violations, what),
    recordUnsupported: (what) => remember(unsupported, what),
    counts: () => ({
      total: Object.values(byActor).reduce((sum, n) => sum + n, 0),
      by_actor: { ...byActor },
      by_route: structuredClone(byRoute),
      points_by_actor: { ...points },
    }),
    clear() {
      entries = []
      unsupported = []
      violations = []
      byActor = none()
      points = none()
      byRoute = {}
    },
  }
}

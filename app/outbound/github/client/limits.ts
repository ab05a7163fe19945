/** What one installation's limits are and what GitHub last said about them: takes from the lanes before a request, shuts them after a no. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock, Lane, RateBuckets } from '../../../engine/ports.ts'
import { GitHubFault } from './fault.ts'
import { HOURLY_REQUESTS, blockLimit, demandsOf, type RequestCost } from './lanes.ts'
import { comeBackAt, limitOf, type FailedAnswer } from './read-answer.ts'
import { headerNumber } from './request-shape.ts'

/** The engine's log, as far as it is used here. Fields are facts, never payloads or secrets. */
export interface GitHubLog {
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean | null | undefined>>): void
}

export interface Limits {
  /** Throws `rate-limited` with the time to come back when a lane is empty; never waits. */
  take(cost: RequestCost, lane: Lane, route: string): Promise<void>
  /** Learns the installation's own hourly limit from a good answer, and forgets past refusals. */
  learn(cost: RequestCost, headers: FailedAnswer['headers']): void
  /** When to come back, or null when the failure was no limit. */
  refused(api: RequestCost['api'], failed: FailedAnswer, route: string): Promise<Millis | null>
}

export const createLimits = (installationId: number, buckets: RateBuckets, clock: Clock, log: GitHubLog): Limits => {
  const hourly = { rest: HOURLY_REQUESTS, graphql: HOURLY_REQUESTS }
  let secondaryHits = 0
  return {
    async take(cost, lane, route) {
      const taken = await buckets.take(demandsOf(installationId, cost, lane, hourly))
      if (taken.ok) return
      throw new GitHubFault('rate-limited', {
        status: null,
        route,
        retryable: true,
        retryAt: clock.now() + taken.waitMs,
        ambiguous: false,
        requestId: null,
      })
    },
    learn({ api }, headers) {
      secondaryHits = 0
      hourly[api] = headerNumber(headers, 'x-ratelimit-limit') ?? hourly[api]
    },
    async refused(api, failed, route) {
      const limit = limitOf(failed)
      if (limit === null) return null
      if (limit === 'secondary') secondaryHits++
      const until = comeBackAt(failed, limit, clock.now(), secondaryHits)
      await blockLimit(buckets, installationId, limit === 'primary' ? api : 'everything', until)
      log.warn('GitHub told us to wait', { installationId, route, limit, until })
      return until
    },
  }
}

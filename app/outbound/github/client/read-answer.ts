/** Reads a failed answer of GitHub into a fault: which limit was hit, how long to wait, whether a write may have happened. Pure. */
import type { Millis } from '../../../domain/event/envelope.ts'
import { GitHubFault, type GitHubFaultCode } from './fault.ts'

export interface FailedAnswer {
  /** Null: no answer at all. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | number | undefined>>
  /** `documentation_url` of the body: the only machine-readable mark of a secondary limit that names no time. */
  readonly documentationUrl: string | null
  /** `type`s of GraphQL errors in a 200. */
  readonly graphqlTypes: readonly string[]
}

/** Which of GitHub's limits said no: the hourly one of this resource, or a secondary one that covers everything. */
export type Limit = 'primary' | 'secondary'

/** GitHub: "wait at least one minute", doubling while it goes on. */
export const SECONDARY_WAIT_MS: Millis = 60_000
const LONGEST_WAIT_MS: Millis = 60 * 60_000
/** Clocks differ; waiting a second longer than told costs nothing. */
const GRACE_MS: Millis = 1_000

export const limitOf = (answer: FailedAnswer): Limit | null => {
  const { status, headers, graphqlTypes } = answer
  // Documented as the first, seen as the second (octokit/plugin-throttling.js pull request 848).
  if (graphqlTypes.some((type) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT')) return 'primary'
  if (status !== 403 && status !== 429) return null
  if (headers['retry-after'] !== undefined) return 'secondary'
  if (String(headers['x-ratelimit-remaining']) === '0') return 'primary'
  const named = answer.documentationUrl?.includes('rate-limit') ?? false
  return status === 429 || named ? 'secondary' : null
}

/** When to come back after a limit; `hits` counts the secondary limits in a row, this one included. */
export const comeBackAt = (answer: FailedAnswer, limit: Limit, now: Millis, hits: number): Millis => {
  const retryAfter = Number(answer.headers['retry-after'])
  if (Number.isFinite(retryAfter) && retryAfter >= 0) return now + retryAfter * 1000 + GRACE_MS
  const reset = Number(answer.headers['x-ratelimit-reset']) * 1000
  if (limit === 'primary' && Number.isFinite(reset) && reset > now) return reset + GRACE_MS
  return now + Math.min(SECONDARY_WAIT_MS * 2 ** Math.max(0, hits - 1), LONGEST_WAIT_MS)
}

export const faultOf = (
  answer: FailedAnswer,
  call: { readonly route: string; readonly writes: boolean },
  at: { readonly retryAt: Millis | null },
): GitHubFault => {
  const { status } = answer
  const code = codeOf(answer)
  const outage = code === 'unavailable' || code === 'unreachable'
  const requestId = answer.headers['x-github-request-id']
  return new GitHubFault(code, {
    status,
    route: call.route,
    retryable: outage || code === 'rate-limited',
    // An outage names no time: whoever tries again waits longer each time.
    retryAt: at.retryAt,
    ambiguous: outage && call.writes,
    requestId: requestId === undefined ? null : String(requestId),
  })
}

const codeOf = (answer: FailedAnswer): GitHubFaultCode => {
  const { status } = answer
  if (limitOf(answer) !== null) return 'rate-limited'
  if (status === null) return 'unreachable'
  if (status >= 500) return 'unavailable'
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'not-found'
  return 'invalid'
}

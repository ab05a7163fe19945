/**
 * How GitHub words a passed limit. REST answers 403 or 429 with a message; GraphQL answers 200 with an error whose type is
 * one of two words. Which limit was passed is decided in limit-book.ts.
 */
import { GitHubError } from '../http/errors.ts'
import type { Resource } from '../http/guard.ts'
import type { Switches } from '../switches.ts'

const PAGE = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api'
const PRIMARY_PAGE = `${PAGE}#about-primary-rate-limits`
/** What tells a secondary limit without retry-after from a missing permission: both may be 403. */
const SECONDARY_PAGE = `${PAGE}#about-secondary-rate-limits`
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

type Headers = Readonly<Record<string, string>>

/** A refusal inside a 200, as GraphQL gives it: no data at all. */
class GraphqlLimitError extends GitHubError {
  readonly #type: Switches['graphqlLimitType']

  constructor(type: Switches['graphqlLimitType'], message: string, headers: Headers) {
    super(200, message, undefined, headers)
    this.#type = type
  }

  override body(): Record<string, unknown> {
    const code = this.#type === 'RATE_LIMIT' ? { code: 'graphql_rate_limit' } : {}
    return { errors: [{ type: this.#type, ...code, message: this.message }] }
  }
}

/** `identity` is whose budget it was, such as `installation:301`; `headers` show what is left of it. */
export function primaryExceeded(
  switches: Switches,
  resource: Resource,
  identity: string,
  headers: Headers,
): GitHubError {
  const message = `API rate limit exceeded for ${identity.replace(':', ' ID ')}.`
  const none = { ...headers, 'x-ratelimit-remaining': '0' }
  if (resource === 'graphql') return new GraphqlLimitError(switches.graphqlLimitType, message, none)
  return new GitHubError(403, message, undefined, none, PRIMARY_PAGE)
}

export function secondaryExceeded(
  switches: Switches,
  resource: Resource,
  budget: Headers,
  waitMs: number,
): GitHubError {
  const wait = switches.secondaryLimitRetryAfter ? { 'retry-after': String(Math.ceil(waitMs / 1000)) } : {}
  const headers: Headers = { ...budget, ...wait }
  if (resource === 'graphql' && switches.graphqlSecondaryStatus === 200)
    return new GraphqlLimitError(switches.graphqlLimitType, SECONDARY, headers)
  return new GitHubError(switches.secondaryLimitStatus, SECONDARY, undefined, headers, SECONDARY_PAGE)
}

/** Something that looks at every API request before and after it is answered: rate limits are one. */
import type { Caller } from '../auth/caller.ts'

/** GitHub keeps a budget of its own for each. */
export type Resource = 'core' | 'graphql' | 'search'

export interface GuardedRequest {
  readonly caller: Caller
  readonly resource: Resource
  /** Against the secondary limit per minute: REST reads 1, writes 5; GraphQL queries 1, mutations 5. */
  readonly points: number
  /** Against the primary limit per hour: 1 for REST, the query's cost for GraphQL. */
  readonly cost: number
  /** How many pieces of content (issues, comments, sub-issues, dependencies) it creates. */
  readonly creations: number
  /** `/rate_limit` itself is free. */
  readonly free?: boolean
}

export interface Guard {
  /** Throws a GitHubError to refuse. */
  before(request: GuardedRequest): void
  /** Called once for each `before` that did not throw; what it returns is added to the answer's headers. */
  after(request: GuardedRequest, status: number): Readonly<Record<string, string>>
}

/** Something that looks at every API request before and after its handler: rate limits, conformance to descriptions. */
import type { Caller } from '../auth/caller.ts'
import type { World } from '../world.ts'
import type { Route } from './route.ts'

export interface GuardedRequest {
  readonly world: World
  readonly caller: Caller
  /** Null for a path no row knows. */
  readonly route: Route | null
  readonly method: string
  readonly url: URL
}

export interface Guard {
  /** Throws a GitHubError to refuse; what it returns is added to the answer's headers. */
  before(request: GuardedRequest): Readonly<Record<string, string>>
  after?(request: GuardedRequest, answer: Response): Readonly<Record<string, string>>
}

/** What a handler gets. Everything that depends on the request; the rest is `world`. */
import type { Caller } from '../auth/caller.ts'
import type { Account, App } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'

export interface Context<Body = Record<string, unknown>, Params = Readonly<Record<string, string>>> {
  readonly world: World
  readonly caller: Caller
  /** The account that acts; throws 401 for the anonymous, 403 for an App's JWT. */
  readonly actor: Account
  /** The App behind the request, as performed_via_github_app shows it. */
  readonly app: App | null
  readonly params: Params
  readonly url: URL
  readonly query: URLSearchParams
  readonly headers: Headers
  /** The parsed JSON body; `{}` when the request has none. */
  readonly body: Body
  /** The untouched request body, for routes with `rawBody`. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The repository of the path, already found, visible and permitted; throws on routes without one. */
  readonly repo: Repository
  /** Read lists as of this time (`table.where(…, c.asOf)`): now, or some seconds ago when replicas lag. */
  readonly asOf: number
}

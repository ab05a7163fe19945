/** Who changes something, and where: what every file in changes/ takes first. A route's Context is one. */
import { roleOf } from '../auth/access.ts'
import { actingAccount, actingApp, type Caller } from '../auth/caller.ts'
import { requiresAuthentication } from '../http/errors.ts'
import { type Account, type Role, roleAtLeast } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'

export interface Doer {
  readonly world: World
  readonly caller: Caller
}

/** The account that appears as author, editor or actor; 401 when there is none. */
export function doerAccount(doer: Doer): Account {
  const account = doer.caller.kind === 'app' ? undefined : actingAccount(doer.world.state, doer.caller)
  if (!account) throw requiresAuthentication()
  return account
}

/** The id of the App through which it is done, as performed_via_github_app keeps it. */
export function doerAppId(doer: Doer): number | null {
  return actingApp(doer.world.state, doer.caller)?.id ?? null
}

/**
 * Whether the doer has at least this role. Apps and runs have no role: their permission was checked by the route, and
 * GitHub lets them do what a writer may.
 */
export function doerIs(doer: Doer, repository: Repository, needed: Role): boolean {
  if (doer.caller.kind === 'user') return roleAtLeast(roleOf(repository, doer.caller.userId), needed)
  return doer.caller.kind !== 'anonymous' && needed !== 'admin'
}

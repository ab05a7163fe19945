/**
 * Repositories under names they no longer have: REST answers with a redirect to `/repositories/{id}`, which is good for
 * ever. Issues that moved are in find-issue.ts.
 */
import { maySee } from '../auth/access.ts'
import type { Caller } from '../auth/caller.ts'
import { GitHubError } from '../http/errors.ts'
import type { Method } from '../http/route.ts'
import type { Repository } from '../model/repository.ts'
import { stateSlot } from '../model/state.ts'
import { fullName } from '../render/repository.ts'
import type { World } from '../world.ts'

/** `owner/name` in lower case → the repository's id. */
const formerPlacesOf = stateSlot('former places', () => new Map<string, number>())

export function rememberPlace(world: World, repository: Repository): void {
  formerPlacesOf(world.state).set(fullName(world, repository).toLowerCase(), repository.id)
}

export function repositoryFormerly(world: World, caller: Caller, owner: string, name: string): Repository | undefined {
  const id = formerPlacesOf(world.state).get(`${owner}/${name}`.toLowerCase())
  const repository = id === undefined ? undefined : world.state.repositories.get(id)
  return repository && maySee(world, caller, repository) ? repository : undefined
}

/** A redirect that keeps the method: only reads may be repeated as reads. */
export function formerly(
  world: World,
  caller: Caller,
  owner: string,
  name: string,
  method: Method,
  rest: string,
): GitHubError | undefined {
  const repository = repositoryFormerly(world, caller, owner, name)
  if (!repository) return undefined
  const location = `${world.origin()}/repositories/${repository.id}${rest === '' || rest.startsWith('?') ? '' : '/'}${rest}`
  return method === 'GET'
    ? new GitHubError(301, 'Moved Permanently', undefined, { location })
    : new GitHubError(307, 'Temporary Redirect', undefined, { location })
}

/** `/repositories/401/issues` → `/repos/acme/widgets/issues`; any other path as it is. */
export function pathByName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repository = id === undefined ? undefined : world.state.repositories.get(Number(id))
  return repository ? `/repos/${fullName(world, repository)}${rest}` : path
}

/** The 501 for what GitHub may have and the sandbox has not; recorded, so that whoever ran into it fails. */
import type { World } from '../world.ts'
import { GitHubError } from './errors.ts'

/** `what` as it is recorded, such as `GET /search/issues with "language:"`. */
export function unsupported(world: World, what: string): GitHubError {
  world.log.recordUnsupported(what)
  return new GitHubError(501, `The sandbox does not support ${what}. If GitHub does, add it to the sandbox's routes.`)
}

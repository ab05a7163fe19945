/** The short form in which checks and runs name the pull requests they belong to. */
import type { Schema } from '../http/description-types.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import type { World } from '../world.ts'
import { repositoryUrl } from './repository.ts'

function repoRef(world: World, id: number) {
  const repository = world.state.repositories.get(id)
  return { id, url: repository ? repositoryUrl(world, repository) : '', name: repository?.name ?? '' }
}

export function renderPullMinimal(world: World, pull: Pull) {
  const base = repoRef(world, pull.repositoryId)
  return {
    id: pull.id,
    number: pull.number,
    url: `${base.url}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: repoRef(world, pull.headRepositoryId ?? 0) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: base },
  } satisfies Schema<'pull-request-minimal'>
}

/**
 * Open pull requests of this repository's own branches that a check belongs to: by the suite's branch, so that a check on
 * an older commit still names them, or by the commit. GitHub names none for forks.
 */
export function pullsAt(world: World, repositoryId: number, sha: string, branch: string | null): readonly Pull[] {
  return pullsOf(world.state).where(
    (one) =>
      one.repositoryId === repositoryId &&
      one.headRepositoryId === repositoryId &&
      (one.headSha === sha || one.headRef === branch) &&
      world.state.issues.get(one.issueId)?.state === 'open',
  )
}

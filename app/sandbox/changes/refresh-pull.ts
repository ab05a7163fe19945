/** Brings a pull request's row and refs in line with its branches: head, test merge, and the counts that GitHub shows. */
import { compareCommits } from '../git/git-history.ts'
import { borrowCommit, mergeCommits } from '../git/git-merge.ts'
import { moveRefs, readRef, ZERO_SHA } from '../git/git-refs.ts'
import type { GitPerson } from '../git/git-objects.ts'
import { gitStoreOf } from '../git/world-git.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'

/** GitHub itself, as committer of what it makes. */
export function gitHubPerson(world: World): GitPerson {
  return { name: 'GitHub', email: 'noreply@github.com', date: isoSeconds(world.clock.now()) }
}

async function keepMergeRef(world: World, pull: Pull, base: string): Promise<string | null> {
  const git = gitStoreOf(world.state).open(pull.repositoryId)
  const person = gitHubPerson(world)
  const merged = await mergeCommits(git, {
    base,
    head: pull.headSha,
    method: 'merge',
    message: `Merge ${pull.headSha} into ${base}`,
    author: person,
    committer: person,
  })
  const ref = `refs/pull/${pull.number}/merge`
  const before = (await readRef(git, ref)) ?? ZERO_SHA
  if (before !== (merged ?? ZERO_SHA)) await moveRefs(git, [{ ref, before, after: merged ?? ZERO_SHA }])
  return merged ?? null
}

/** `base` and `head` are the commits on which the two branches stand now; `baseRef` names a new base branch. */
export async function refreshPull(
  world: World,
  id: number,
  base: string,
  head: string,
  baseRef?: string,
): Promise<Pull> {
  const pulls = pullsOf(world.state)
  const before = pulls.get(id)
  if (!before) throw new Error(`no pull request ${id}`)
  const store = gitStoreOf(world.state)
  const git = store.open(before.repositoryId)
  const source = store.open(before.headRepositoryId ?? before.repositoryId)
  await borrowCommit(git, source, head, `refs/pull/${before.number}/head`)
  const comparison = await compareCommits(git, base, head, { patches: false })
  const sum = (key: 'additions' | 'deletions') => comparison.files.reduce((total, one) => total + one[key], 0)
  const mergeCommitSha = await keepMergeRef(world, { ...before, headSha: head }, base)
  const moved = head !== before.headSha
  return pulls.update(id, {
    headSha: head,
    // GitHub keeps the base commit of the last push to the head.
    ...((moved || baseRef !== undefined) && { baseSha: base }),
    ...(baseRef !== undefined && { baseRef }),
    commits: comparison.commits.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changedFiles: comparison.files.length,
    behindBy: comparison.behindBy,
    mergeCommitSha,
    mergeable: mergeCommitSha !== null,
    mergeableAsked: !world.switches.mergeableLate,
  })
}

/** Merges a pull request: makes the commit and moves the base branch. What follows stands in mark-merged.ts and push.ts. */
import { mergeCommits, type MergeMethod } from '../git/git-merge.ts'
import type { GitPerson } from '../git/git-objects.ts'
import { moveRefs, readRef } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { GitHubError } from '../http/errors.ts'
import type { Pull } from '../model/pull.ts'
import { isoSeconds } from '../model/time.ts'
import { noreplyAddress } from '../render/commit.ts'
import { issueOfPull, repositoryOfPull } from '../render/pull.ts'
import type { World } from '../world.ts'
import { type Doer, doerAccount } from './doer.ts'
import { markMerged } from './mark-merged.ts'
import { notePush } from './push.ts'
import { gitHubPerson } from './refresh-pull.ts'

export interface MergeInput {
  readonly method: MergeMethod
  readonly title?: string | undefined
  readonly message?: string | undefined
  /** The head that the caller believes in. */
  readonly sha?: string | undefined
}

function messageOf(world: World, pull: Pull, input: MergeInput): string {
  const issue = issueOfPull(world, pull)
  const owner = world.state.accounts.get(pull.headOwnerId)?.login ?? ''
  const squash = input.method === 'squash'
  const title =
    input.title ??
    (squash ? `${issue.title} (#${pull.number})` : `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`)
  const body = input.message ?? (squash ? '' : issue.title)
  return body === '' ? title : `${title}\n\n${body}`
}

/** The merge commit's SHA. 405 when it cannot be merged, 409 when the head is not the one the caller means. */
export async function mergePull(doer: Doer, pull: Pull, input: MergeInput): Promise<string> {
  const { world } = doer
  const issue = issueOfPull(world, pull)
  const repository = repositoryOfPull(world, pull)
  const git = gitOf(world.state, repository)
  if (input.sha !== undefined && input.sha !== pull.headSha)
    throw new GitHubError(409, 'Head branch was modified. Review and try the merge again.')
  if (issue.state !== 'open' || issue.pull?.draft) throw new GitHubError(405, 'Pull Request is not mergeable')
  const ref = `refs/heads/${pull.baseRef}`
  const before = await readRef(git, ref)
  const account = doerAccount(doer)
  const author: GitPerson = {
    name: account.name ?? account.login,
    email: noreplyAddress(account),
    date: isoSeconds(world.clock.now()),
  }
  const sha =
    before &&
    (await mergeCommits(git, {
      base: before,
      head: pull.headSha,
      method: input.method,
      message: messageOf(world, pull, input),
      author,
      committer: gitHubPerson(world),
    }))
  if (!before || !sha) throw new GitHubError(405, 'Pull Request is not mergeable')
  if ((await moveRefs(git, [{ ref, before, after: sha }])).length > 0)
    throw new GitHubError(405, 'Base branch was modified. Review and try the merge again.')
  markMerged(doer, pull, sha, input.method)
  await notePush(doer, repository, { ref, before, after: sha })
  return sha
}

/** Merges the base branch into a pull request's branch: the "Update branch" button. */
import { mergeCommits } from '../git/git-merge.ts'
import { moveRefs, readRef } from '../git/git-refs.ts'
import { gitOf, gitStoreOf } from '../git/world-git.ts'
import { unprocessable } from '../http/errors.ts'
import type { Pull } from '../model/pull.ts'
import { isoSeconds } from '../model/time.ts'
import { noreplyAddress } from '../render/commit.ts'
import { repositoryOfPull } from '../render/pull.ts'
import { type Doer, doerAccount } from './doer.ts'
import { notePush } from './push.ts'
import { gitHubPerson } from './refresh-pull.ts'

export async function updateBranch(doer: Doer, pull: Pull, expected: string | undefined): Promise<void> {
  const { world } = doer
  if (expected !== undefined && expected !== pull.headSha)
    throw unprocessable(`expected head sha didn’t match current head ref.`)
  const source = pull.headRepositoryId === null ? undefined : world.state.repositories.get(pull.headRepositoryId)
  const base = await readRef(gitOf(world.state, repositoryOfPull(world, pull)), `refs/heads/${pull.baseRef}`)
  if (!source || base === undefined) throw unprocessable('There is no branch to update.')
  const account = doerAccount(doer)
  const after = await mergeCommits(gitOf(world.state, repositoryOfPull(world, pull)), {
    base: pull.headSha,
    head: base,
    method: 'merge',
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    author: {
      name: account.name ?? account.login,
      email: noreplyAddress(account),
      date: isoSeconds(world.clock.now()),
    },
    committer: gitHubPerson(world),
  })
  if (after === undefined) throw unprocessable('merge conflict between base and head')
  if (source.id !== pull.repositoryId) throw unprocessable('The branch of a fork is updated by its owner.')
  const move = { ref: `refs/heads/${pull.headRef}`, before: pull.headSha, after }
  if ((await moveRefs(gitStoreOf(world.state).open(source.id), [move])).length > 0)
    throw unprocessable(`expected head sha didn’t match current head ref.`)
  await notePush(doer, source, move)
}

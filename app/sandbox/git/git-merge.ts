/** Merges without a work tree: tries, merge commits, squashes, rebases. Moves no branch; the caller does, with compare-and-swap. */
import { listCommits } from './git-history.ts'
import { readCommit, writeCommit, type GitPerson } from './git-objects.ts'
import { runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export type MergeRequest = {
  readonly base: string
  readonly head: string
  readonly method: MergeMethod
  readonly message: string
  readonly author: GitPerson
  readonly committer: GitPerson
}

/** The tree of base and head merged, or undefined when they conflict. */
export const mergeTrees = async (git: GitRepository, base: string, head: string): Promise<string | undefined> => {
  const { code, text } = await runGit(
    git.dir,
    ['merge-tree', '--write-tree', '--no-messages', '--allow-unrelated-histories', base, head],
    { answers: [1] },
  )
  return code === 0 ? text.split('\n')[0] : undefined
}

/** Replays a commit on another one; undefined when it conflicts. */
const replay = async (
  git: GitRepository,
  onto: string,
  sha: string,
  committer: GitPerson,
): Promise<string | undefined> => {
  const [commit, target] = [await readCommit(git, sha), await readCommit(git, onto)]
  if (commit === undefined || target === undefined) {
    return undefined
  }
  // A stand-in for `onto` whose only parent is the commit's own parent makes that parent the merge base.
  const standIn = await writeCommit(git, { ...target, parents: commit.parents.slice(0, 1), message: 'stand-in' })
  const tree = await mergeTrees(git, standIn, sha)
  return tree === undefined ? undefined : writeCommit(git, { ...commit, tree, parents: [onto], committer })
}

/** The commit that the merge makes, or undefined when base and head conflict. */
export const mergeCommits = async (git: GitRepository, request: MergeRequest): Promise<string | undefined> => {
  const { base, head, method, message, author, committer } = request
  if (method === 'rebase') {
    let onto: string | undefined = base
    for (const { sha, parents } of await listCommits(git, head, { not: base, oldestFirst: true })) {
      if (onto !== undefined && parents.length < 2) {
        onto = await replay(git, onto, sha, committer)
      }
    }
    return onto
  }
  const tree = await mergeTrees(git, base, head)
  if (tree === undefined) {
    return undefined
  }
  return writeCommit(git, { tree, parents: method === 'merge' ? [base, head] : [base], author, committer, message })
}

/** Brings commits of one repository (a fork) into another under a ref, so that they can be compared and merged there. */
export const borrowCommit = async (
  git: GitRepository,
  from: GitRepository,
  sha: string,
  ref: string,
): Promise<void> => {
  if (git.id === from.id) {
    await runGit(git.dir, ['update-ref', ref, sha])
    return
  }
  await runGit(git.dir, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from.dir, `+${sha}:${ref}`])
}

/** A commit as suites, runs and pushes carry it: enough to render without asking git again. */
import type { GitCommit } from '../git/git-objects.ts'

export interface CommitStub {
  readonly id: string
  readonly tree_id: string
  readonly message: string
  readonly timestamp: string
  readonly author: { readonly name: string; readonly email: string }
  readonly committer: { readonly name: string; readonly email: string }
}

export function commitStub(commit: GitCommit): CommitStub {
  const person = ({ name, email }: { readonly name: string; readonly email: string }) => ({ name, email })
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
  }
}

/** What git routes share: the repository's git side, revisions with GitHub's errors, and who a commit is by. */
import type { Context } from '../http/context.ts'
import { conflict, GitHubError, notFound, unprocessable } from '../http/errors.ts'
import type { GitCommit, GitPerson } from '../git/git-objects.ts'
import { readCommit } from '../git/git-objects.ts'
import { isSha, moveRefs, type RefMove, resolveCommit, ZERO_SHA } from '../git/git-refs.ts'
import type { GitRepository } from '../git/git-store.ts'
import { demandWorkflowRight } from '../git/workflow-guard.ts'
import { gitOf } from '../git/world-git.ts'
import { notePush } from '../changes/push.ts'
import { isoSeconds } from '../model/time.ts'
import { noreplyAddress } from '../render/commit.ts'

export type In = Pick<Context, 'world' | 'repo' | 'caller' | 'actor'>

export function gitIn(c: Pick<Context, 'world' | 'repo'>): GitRepository {
  return gitOf(c.world.state, c.repo)
}

/** Whether git would take this path: no empty, `.`, `..` or `.git` part, no control characters. */
export function isCleanPath(path: string): boolean {
  return path.split('/').every((part) => !/^(|\.|\.\.|\.git)$/i.test(part) && !/\p{Cc}/u.test(part))
}

/** A branch, tag or SHA as GitHub takes it in `ref` and `sha` parameters; 422 for what names no commit. */
export async function commitAt(c: Pick<Context, 'world' | 'repo'>, revision: string): Promise<GitCommit> {
  const git = gitIn(c)
  const sha = await resolveCommit(git, revision)
  const commit = sha === undefined ? undefined : await readCommit(git, sha)
  if (!commit) throw isSha(revision) ? unprocessable(`No commit found for SHA: ${revision}`) : notFound()
  return commit
}

/** Moves a ref with compare-and-swap and announces it; 409 when it had moved meanwhile. */
export async function movePublicly(c: Pick<Context, 'world' | 'repo' | 'caller'>, move: RefMove): Promise<void> {
  if (move.after !== ZERO_SHA) await demandWorkflowRight(c.caller, gitIn(c), move.after)
  const stale = await moveRefs(gitIn(c), [move])
  if (stale.length > 0) throw conflict(`Reference cannot be updated: ${move.ref}`)
  await notePush({ world: c.world, caller: c.caller }, c.repo, move)
}

export interface GivenPerson {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly date?: string | undefined
}

/** The given author, or the caller under its noreply address. */
export function personOf(c: In, given: GivenPerson | undefined): GitPerson {
  const now = isoSeconds(c.world.clock.now())
  if (given?.name !== undefined && given.email !== undefined) {
    const date = given.date ?? now
    if (Number.isNaN(Date.parse(date))) throw new GitHubError(422, 'Invalid request.\n\nThe date is not valid.')
    return { name: given.name, email: given.email, date }
  }
  return { name: c.actor.name ?? c.actor.login, email: noreplyAddress(c.actor), date: given?.date ?? now }
}
